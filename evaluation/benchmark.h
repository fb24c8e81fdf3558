// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "evaluation/intervals.h"
#include "evaluation/suite.h"

namespace nelumbo {

// The unified benchmark: each task is a set of one class. A suite is "all", a class or a set.

/// "visual", "imaging", "diagnosis", "text", "report" and "instruction", in this order.
std::vector<std::string> benchmark_classes();

/// The class that a task counts for. None when it is not in the benchmark.
std::optional<std::string> benchmark_class(const std::string& task);

/// Whether a task is asked in a suite.
bool in_suite(const std::string& suite, const std::string& task);

/// kInvalidConfig lists the suites when `suite` is none.
Result<void> check_suite(const std::string& suite);

/// {"suite", "parser", "classes": {"visual": {score, low, high, n, sets: {task: {...}}}},
/// "overall", "overall_sets"}: a class is the unweighted mean of its sets, overall the mean over
/// classes, overall_sets that over sets. What was not run is absent. kInvalidConfig when the suite
/// is none, kBadData when nothing of it was run.
Result<nlohmann::json> benchmark_json(const Evaluation& evaluation, const std::string& suite,
                                      const Bootstrap& bootstrap);

}  // namespace nelumbo
