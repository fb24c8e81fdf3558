// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "reward/judge_panel.h"
#include "reward/reward.h"
#include "reward/task_spec.h"

namespace nelumbo {

/// Bytes of the longest text that is scored. What is longer is invalid, before any term reads it.
constexpr size_t kMostTextBytes = size_t{1} << 20;

/// Seconds since any fixed moment.
using Stopwatch = std::function<double()>;

/// Scores the trajectories of one group, outcome i for trajectory i; total =
/// gate x (rule + rubric, weighted) x process + shaping. Never throws: what goes wrong for one
/// trajectory is that trajectory's outcome. All questions to judges are asked at once, behind rules
/// and gates, and answers that a gate stops are not shown to them; a question without an answer is
/// the kInfraError or kTimeout of its trajectory.
std::vector<Outcome> score_group(const TaskSpec& spec, const Group& group, const Stopwatch& seconds,
                                 const JudgePanel& judges = {});

}  // namespace nelumbo
