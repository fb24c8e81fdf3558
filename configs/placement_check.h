// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.h"
#include "configs/run_config.h"

namespace nelumbo {

/// Whether every actor of the placement can find work in every stage of the pipeline: groups for
/// rollout and reward actors, trajectories for learner ranks; and whether its sharding can hold
/// what they train. kInvalidConfig names the key, the one that bounds it, and what to change.
Result<void> check_placement(const RunConfig& config);

}  // namespace nelumbo
