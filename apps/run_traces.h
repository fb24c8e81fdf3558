// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "base/error.h"
#include "reward/reward.h"

namespace nelumbo {

/// The files of traces in `folder` by their step: step_<n>.jsonl.zst. Other files do not count.
std::map<int64_t, std::string> trace_files(const std::string& folder);

/// Those of a stage of the run in `run`. kInvalidConfig where there is no such run or stage,
/// kBadData where the run has no traces at all.
Result<std::map<int64_t, std::string>> stage_traces(const std::string& run,
                                                    const std::string& stage);

/// Calls `use` with each group that stage `stage` of the run in `run` scored, in the order of the
/// steps; holds one step at a time. kInvalidConfig where there is no such run or stage; kBadData
/// names file and line of a damaged trace, or says that there is no group.
Result<void> for_each_group(
    const std::string& run, const std::string& stage,
    const std::function<Result<void>(int64_t step, const ScoredGroup& group)>& use);

}  // namespace nelumbo
