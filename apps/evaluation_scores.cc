// SPDX-License-Identifier: Apache-2.0
#include "apps/evaluation_scores.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "evaluation/suite.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr EvaluationMode kModes[] = {EvaluationMode::kGreedy, EvaluationMode::kSampled,
                                     EvaluationMode::kBlank, EvaluationMode::kNoTool};

EvaluationMode mode_of(const std::string& name) {
  for (EvaluationMode mode : kModes)
    if (to_text(mode) == name)
      return mode;
  NELUMBO_CHECK(false) << "no evaluation mode is called '" << name << "'";
  return EvaluationMode::kGreedy;
}

Bootstrap bootstrap_of(const IntervalOptions& options) {
  return {.seed = options.seed, .resamples = options.resamples};
}

using Passes = std::map<EvaluationMode, Evaluation>;

Result<Passes> read_passes(const PolicyEvaluation& policy) {
  Passes passes;
  for (const json& pass : policy.passes) {
    Result<Evaluation> read = evaluation_from_json(pass);
    if (!read)
      return Error{read.error().code, policy.name + ": " + read.error().message};
    passes[read.value().mode] = std::move(read).value();
  }
  return passes;
}

json set_json(const TaskScore& task, EvaluationMode mode) {
  json set = {{"name", task.task},
              {"mode", to_text(mode)},
              {"n", task.n},
              {"score", task.score},
              {"low", task.low},
              {"high", task.high},
              {"parse_fail", task.parse_fail},
              {"truncated", task.truncated},
              {"mean_length", task.mean_length},
              {"mean_calls", task.mean_calls}};
  if (task.over_half)
    set["over_half"] = *task.over_half;
  if (task.reward)
    set["reward"] = *task.reward;
  return set;
}

json policy_json(const PolicyEvaluation& policy, const Passes& passes) {
  json sets = json::array();
  for (const auto& [mode, evaluation] : passes)
    for (const TaskScore& task : evaluation.tasks)
      sets.push_back(set_json(task, mode));
  return {{"name", policy.name}, {"step", policy.step}, {"sets", std::move(sets)}};
}

/// The same evaluation with rewards in place of scores, so that rewards can be compared in pairs.
Evaluation by_reward(Evaluation evaluation) {
  std::erase_if(evaluation.prompts, [](const PromptScore& p) { return !p.reward; });
  for (PromptScore& prompt : evaluation.prompts)
    prompt.score = *prompt.reward;
  return evaluation;
}

/// The same evaluation without what marks a control's prompt, so that it pairs with the others.
Evaluation under_plain_ids(Evaluation evaluation) {
  constexpr std::string_view kBlank = "/blank";
  for (PromptScore& prompt : evaluation.prompts)
    if (prompt.id.size() > kBlank.size() && prompt.id.ends_with(kBlank))
      prompt.id.resize(prompt.id.size() - kBlank.size());
  return evaluation;
}

/// Adds "after - before" for each task and their mean. Evaluations without a common prompt have no
/// difference, and say nothing.
void add_differences(const Evaluation& before, const Evaluation& after, const std::string& what,
                     const IntervalOptions& options, json& out) {
  const Result<std::vector<Difference>> differences =
      paired_differences(before, after, bootstrap_of(options));
  if (!differences)
    return;
  for (const Difference& d : differences.value())
    out.push_back({{"name", d.task},
                   {"compared", what},
                   {"n", d.n},
                   {"before", d.before},
                   {"after", d.after},
                   {"difference", d.difference},
                   {"low", d.low},
                   {"high", d.high}});
}

void compare_policies(const Passes& before, const Passes& after, const std::string& names,
                      const IntervalOptions& options, json& out) {
  for (EvaluationMode mode : {EvaluationMode::kSampled, EvaluationMode::kGreedy}) {
    const auto old = before.find(mode), now = after.find(mode);
    if (old == before.end() || now == after.end())
      continue;
    add_differences(by_reward(old->second), by_reward(now->second),
                    to_text(mode) + " reward: " + names, options, out);
    add_differences(old->second, now->second, to_text(mode) + " score: " + names, options, out);
  }
}

void compare_controls(const Passes& passes, const IntervalOptions& options, json& out) {
  const auto greedy = passes.find(EvaluationMode::kGreedy);
  if (greedy == passes.end())
    return;
  for (const auto& [mode, words] :
       {std::pair{EvaluationMode::kBlank, "greedy score: picture - blank picture"},
        std::pair{EvaluationMode::kNoTool, "greedy score: tools - no tools"}})
    if (const auto control = passes.find(mode); control != passes.end())
      add_differences(under_plain_ids(control->second), greedy->second, words, options, out);
}

json baselines_json(const Passes& passes) {
  json baselines = json::array();
  const auto greedy = passes.find(EvaluationMode::kGreedy);
  if (greedy == passes.end())
    return baselines;
  for (const TaskScore& task : greedy->second.tasks)
    baselines.push_back({{"set", task.task},
                         {"name", task.over_half ? "constant mean box" : "most frequent answer"},
                         {"score", task.baseline}});
  return baselines;
}

std::optional<double> mean_reward_of(const Evaluation& evaluation) {
  double sum = 0, tasks = 0;
  for (const TaskScore& task : evaluation.tasks)
    if (task.reward) {
      sum += *task.reward;
      ++tasks;
    }
  return tasks > 0 ? std::optional(sum / tasks) : std::nullopt;
}

}  // namespace

PassScores score_pass(const std::string& mode, std::span<const ScoredGroup> groups,
                      const IntervalOptions& options) {
  const Evaluation evaluation = evaluate(groups, mode_of(mode), bootstrap_of(options));
  return {to_json(evaluation), evaluation_metrics(evaluation), mean_reward_of(evaluation)};
}

Result<json> evaluation_json(const std::vector<PolicyEvaluation>& policies,
                             const IntervalOptions& options) {
  json out = {{"policies", json::array()}, {"paired", json::array()}};
  std::vector<Passes> all;
  for (const PolicyEvaluation& policy : policies) {
    Result<Passes> passes = read_passes(policy);
    if (!passes)
      return passes.error();
    out["policies"].push_back(policy_json(policy, passes.value()));
    all.push_back(std::move(passes).value());
  }
  if (all.empty())
    return out;
  if (all.size() > 1)
    compare_policies(all.front(), all.back(), policies.back().name + " - " + policies.front().name,
                     options, out["paired"]);
  compare_controls(all.back(), options, out["paired"]);
  out["baselines"] = baselines_json(all.back());
  return out;
}

Result<json> suite_json(const json& pass, const std::string& suite,
                        const IntervalOptions& options) {
  Result<Evaluation> evaluation = evaluation_from_json(pass);
  if (!evaluation)
    return evaluation.error();
  return benchmark_json(evaluation.value(), suite, bootstrap_of(options));
}

}  // namespace nelumbo
