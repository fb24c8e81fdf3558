// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "reward/reward.h"
#include "reward/task_spec.h"

namespace nelumbo {

/// Seconds since any fixed moment.
using Stopwatch = std::function<double()>;

/// Scores the trajectories of one group, outcome i for trajectory i; total =
/// gate x (rule + rubric, weighted) x process + shaping. Never throws: what goes wrong for one
/// trajectory is that trajectory's outcome.
std::vector<Outcome> score_group(const TaskSpec& spec, const Group& group,
                                 const Stopwatch& seconds);

}  // namespace nelumbo
