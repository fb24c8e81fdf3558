// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include <caf/actor_system.hpp>

#include "actors/credentials.h"
#include "actors/listening.h"
#include "actors/node_protocol.h"
#include "base/error.h"

namespace nelumbo {

/// The door of the run that listens at `address`, over TLS where there are credentials (those that
/// the system was set up with). kUnavailable: nobody answers within `limit`, and may later;
/// kInvalidConfig: a certificate will not do, or another protocol is spoken there.
Result<DoorActor> find_door(caf::actor_system& system, const Address& address,
                            const Credentials* credentials, std::chrono::milliseconds limit);

}  // namespace nelumbo
