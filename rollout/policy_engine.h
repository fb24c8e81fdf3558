// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "kernels/team.h"
#include "model/engine_weights.h"
#include "model/network.h"
#include "rollout/config.h"
#include "rollout/environment.h"
#include "rollout/request_size.h"
#include "rollout/serving_engine.h"

namespace nelumbo {

/// What a network whose engines are configured so has as its `products`.
inline EngineProducts products_of(const EngineConfig& config) {
  return config.products == "int8" ? EngineProducts::kInt8 : EngineProducts::kAsStored;
}

/// The continuous-batching engine. Each step is one forward pass over every sequence that decodes
/// (one row each, more behind a tool's observation) and a bounded number of prompt rows of newly
/// admitted groups. A group's prompt is computed once; its samples share the blocks of its keys and
/// values and copy the last, partial one. `network` and `team` must outlive the engine. With
/// `weights` it serves them, as version 0, from the start.
std::unique_ptr<ServingEngine> make_policy_engine(
    const Network& network, const EngineConfig& config,
    std::shared_ptr<const Environment> environment, Team& team,
    std::shared_ptr<const EngineWeights> weights = nullptr);

}  // namespace nelumbo
