// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "evaluation/intervals.h"
#include "reward/reward.h"

namespace nelumbo {

/// How the answers of an evaluation were drawn: the likeliest token, at temperature 1, from a blank
/// picture, or without tools.
enum class EvaluationMode { kGreedy, kSampled, kBlank, kNoTool };

/// "greedy", "sampled", "blank" or "no_tool"
std::string to_text(EvaluationMode mode);

/// How a prompt's answers did, averaged over them.
struct PromptScore {
  std::string id;
  std::string task;
  double score = 0;
  std::optional<double> reward;  ///< mean total of the outcomes that are scores
};

/// How a task's prompts did, averaged over them.
struct TaskScore {
  std::string task;
  int64_t n = 0;                        ///< prompts
  double score = 0, low = 0, high = 0;  ///< mean and its 95 % interval over prompts
  double parse_fail = 0;                ///< share of answers
  double truncated = 0;                 ///< share of answers
  double mean_length = 0;               ///< drawn tokens
  double mean_calls = 0;                ///< of tools
  double baseline = 0;                  ///< of a policy that never looks: blind_baseline()
  std::optional<double> over_half;      ///< box tasks: share of answers with IoU > 0.5
  std::optional<double> reward;
};

/// One pass over prompts.
///
/// Example: {mode: greedy, tasks: [{task: locate, n: 72, score: 0.67, low: 0.62, high: 0.71, ...}],
/// prompts: [{id: val/BloodImage_00007/locate/0, task: locate, score: 0.81, reward: 0.83}, ...]}
struct Evaluation {
  EvaluationMode mode = EvaluationMode::kGreedy;
  std::vector<TaskScore> tasks;      ///< by name
  std::vector<PromptScore> prompts;  ///< by id
};

/// Scores groups by the truth of their prompts. The order of the groups does not matter; groups of
/// the same prompt are one.
Evaluation evaluate(std::span<const ScoredGroup> groups, EvaluationMode mode,
                    const Bootstrap& bootstrap);

/// What changed between two evaluations, over the prompts that both have.
struct Difference {
  std::string task;  ///< "mean" for the unweighted mean over tasks
  int64_t n = 0;     ///< prompts
  double before = 0, after = 0;
  double difference = 0, low = 0, high = 0;  ///< after - before, paired 95 % interval
};

/// One for each task, then "mean". kBadData when they share no prompt.
Result<std::vector<Difference>> paired_differences(const Evaluation& before,
                                                   const Evaluation& after,
                                                   const Bootstrap& bootstrap);

/// eval/<task>/<metric> of a greedy evaluation, eval/<task>/<mode>_<metric> of another.
std::map<std::string, double> evaluation_metrics(const Evaluation& evaluation);

nlohmann::json to_json(const Evaluation& evaluation);
nlohmann::json to_json(const std::vector<Difference>& differences);
/// kBadData names the field that is missing or of another type.
Result<Evaluation> evaluation_from_json(const nlohmann::json& json);

/// The class of the unified benchmark that a task counts for: "visual" or "imaging". None when it
/// is not in the benchmark.
std::optional<std::string> benchmark_class(const std::string& task);

/// {"suite", "classes": {"visual": {score, low, high, n, sets: {task: {...}}}}, "overall",
/// "overall_sets"}: a class is the unweighted mean of its sets, overall the mean over classes,
/// overall_sets that over sets. `suite` is "all", a class or a set; what was not run is absent.
/// kInvalidConfig when the suite is none of them, kBadData when nothing of it was run.
Result<nlohmann::json> benchmark_json(const Evaluation& evaluation, const std::string& suite,
                                      const Bootstrap& bootstrap);

}  // namespace nelumbo
