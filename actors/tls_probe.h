// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "actors/credentials.h"
#include "actors/listening.h"
#include "base/error.h"

namespace nelumbo {

/// Whether a coordinator answers at `address` within `limit` and both sides take each other's
/// certificates: a connection like those that CAF makes, which says neither why it failed nor ends
/// by itself where nothing answers. kUnavailable: nobody answers, or not TLS (yet); kInvalidConfig:
/// one of the certificates will not do, and the sentence says which and why.
Result<void> probe_tls(const Address& address, const Credentials& credentials,
                       std::chrono::milliseconds limit);

/// The same without TLS: whether somebody listens.
Result<void> probe_tcp(const Address& address, std::chrono::milliseconds limit);

}  // namespace nelumbo
