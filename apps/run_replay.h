// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "configs/run_config.h"
#include "reward/reward.h"

namespace nelumbo {

/// The groups that each step of rl was made of in the run in `run`, read from its traces; kBadData
/// names a trace that is missing or damaged.
using ReplayedGroups = std::function<Result<std::vector<ScoredGroup>>(int64_t step)>;

/// What `config` repeats of the run in `run` (actors/rl_replay.h). kInvalidConfig where that was
/// another configuration but for run.name, run.root and the placement of other than learners; where
/// it repeats itself anyway; where a rollback left out steps; or where processes are separate.
Result<ReplayedGroups> open_replay(const RunConfig& config, const std::string& run);

/// kCheckFailed where a finished run in `run` has other weights at its end.
Result<void> require_same_weights(const std::string& run, const std::string& weights_hash);

}  // namespace nelumbo
