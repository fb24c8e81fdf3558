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

/// How the answers of an evaluation were drawn: the likeliest token, at temperature 1, and the
/// controls of the likeliest token: from a blank picture, without tools, with the choices in
/// another order.
enum class EvaluationMode { kGreedy, kSampled, kBlank, kNoTool, kShuffled };

/// "greedy", "sampled", "blank", "no_tool" or "shuffled"
std::string to_text(EvaluationMode mode);
/// The mode of that name; none when there is none.
std::optional<EvaluationMode> evaluation_mode(const std::string& name);

/// How a prompt's answers did, averaged over them.
struct PromptScore {
  std::string id;
  std::string task;
  double score = 0;
  std::optional<double> reward;       ///< mean total of the outcomes that are scores
  std::optional<double> steps;        ///< of prompts with a path: step_accuracy()
  std::optional<std::string> chosen;  ///< the text of the choice that all its answers name
  std::optional<int64_t> named;       ///< the truth's "named": texts that name its rarest entity
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
  std::string baseline_name;
  std::string prompts_hash;         ///< XXH3-128 of the ids and texts that were asked, by id
  std::optional<double> over_half;  ///< box tasks: share of answers with IoU > 0.5
  std::optional<double> reward;
  std::optional<double> steps;
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

/// Draws the interval of each task from the scores of its prompts anew.
void draw_intervals(Evaluation& evaluation, const Bootstrap& bootstrap);

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

/// For each task the share of the prompts of both on which both chose the same, by its text: what
/// order the choices stand in does not matter. Where one of them chose nothing they differ.
std::map<std::string, double> same_choice(const Evaluation& a, const Evaluation& b);

/// eval/<task>/<metric> of a greedy evaluation, eval/<task>/<mode>_<metric> of another.
std::map<std::string, double> evaluation_metrics(const Evaluation& evaluation);

/// Raised when the way an answer is read changes, since scores before and after do not compare.
constexpr int kParserVersion = 1;

nlohmann::json to_json(const TaskScore& task);
nlohmann::json to_json(const Evaluation& evaluation);
nlohmann::json to_json(const std::vector<Difference>& differences);
/// kBadData names the field that is missing or of another type.
Result<Evaluation> evaluation_from_json(const nlohmann::json& json);

}  // namespace nelumbo
