// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "learner/learner.h"

namespace nelumbo {

/// A stage that went wrong, and goes on from a checkpoint without the steps behind it. Example:
/// {"rl", 40, 47, "loss .."}: it goes on from step_40 with step 48.
struct Rollback {
  std::string stage;
  int64_t to = 0;    ///< the step of the checkpoint, numbered on across stages
  int64_t step = 0;  ///< the last that is left out
  std::string why;

  bool operator==(const Rollback&) const = default;
};

/// Those that a run has recorded in its events.jsonl, oldest first. Other lines are none of them,
/// and neither is a torn one. A file that is not there has none. `damaged` as for
/// read_json_lines().
std::vector<Rollback> read_rollbacks(const std::string& directory, std::string* damaged = nullptr);

/// At most so many in one stage.
constexpr int64_t kMostRollbacks = 3;

/// Why a stage must not go on from the checkpoint of step `to`: it has done so before, and went
/// wrong without a checkpoint in between, or too often. None: it may.
std::optional<std::string> against_rollback(const std::vector<Rollback>& before,
                                            const std::string& stage, int64_t to);

/// What the metrics of a learner's step (learner/step_guard.h) say of a spike: "its loss 7 is 41
/// deviations above ..". None: it had none.
std::optional<std::string> spike_of(const Metrics& metrics, const GuardConfig& guard);

}  // namespace nelumbo
