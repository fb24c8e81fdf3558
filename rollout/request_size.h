// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/error.h"
#include "model/network.h"
#include "rollout/config.h"
#include "rollout/engine.h"

namespace nelumbo {

/// What one request takes at most: the positions of its longest trajectory, and key blocks.
struct RequestSize {
  int64_t positions = 0;
  int64_t key_blocks = 0;
};

RequestSize request_size(const GroupRequest& request, int64_t longest_observation);

/// Says which key is too small for a request of that size to be ever served.
Result<void> require_room(const RequestSize& size, const Network& network,
                          const EngineConfig& config);

}  // namespace nelumbo
