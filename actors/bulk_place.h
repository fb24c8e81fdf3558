// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "actors/credentials.h"
#include "actors/listening.h"

namespace nelumbo {

/// Where the listening end of a bulk channel is, and what both ends show each other. Without
/// credentials nothing is encrypted or authenticated.
struct BulkPlace {
  std::string host = kLoopback;
  std::shared_ptr<const Credentials> credentials;
};

}  // namespace nelumbo
