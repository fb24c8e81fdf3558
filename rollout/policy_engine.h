// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "kernels/team.h"
#include "model/engine_weights.h"
#include "model/network.h"
#include "rollout/config.h"
#include "rollout/engine.h"
#include "rollout/environment.h"

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

/// The continuous-batching engine. Each step is one forward pass over every sequence that decodes
/// (one row each, more behind a tool's observation) and a bounded number of prompt rows of newly
/// admitted groups. A group's prompt is computed once; its samples share the blocks of its keys and
/// values and copy the last, partial one. `network` and `team` must outlive the engine. With
/// `weights` it serves them, as version 0, from the start.
std::unique_ptr<Engine> make_policy_engine(const Network& network, const EngineConfig& config,
                                           std::shared_ptr<const Environment> environment,
                                           Team& team,
                                           std::shared_ptr<const EngineWeights> weights = nullptr);

}  // namespace nelumbo
