// SPDX-License-Identifier: Apache-2.0
#include "apps/evaluation_scores.h"

#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "evaluation/benchmark.h"
#include "evaluation/suite.h"

namespace nelumbo {
namespace {

using nlohmann::json;

Bootstrap bootstrap_of(const IntervalOptions& options) {
  return {.resamples = options.resamples};
}

using Passes = std::map<EvaluationMode, Evaluation>;

Result<Passes> read_passes(const json& stored) {
  Passes passes;
  for (const json& pass : stored) {
    Result<Evaluation> read = evaluation_from_json(pass);
    if (!read)
      return read.error();
    const EvaluationMode mode = read.value().mode;
    passes[mode] = std::move(read).value();
  }
  return passes;
}

/// The same with intervals drawn as `options` say, where an error names the policy.
Result<Passes> passes_of(const PolicyEvaluation& policy, const IntervalOptions& options) {
  Result<Passes> passes = read_passes(policy.passes);
  if (!passes)
    return Error{passes.error().code, policy.name + ": " + passes.error().message};
  for (auto& [mode, evaluation] : passes.value())
    draw_intervals(evaluation, bootstrap_of(options));
  return passes;
}

json set_json(const TaskScore& task, EvaluationMode mode) {
  json set = to_json(task);
  set.erase("task");
  set["name"] = task.task;
  set["mode"] = to_text(mode);
  return set;
}

json policy_json(const PolicyEvaluation& policy, const Passes& passes,
                 const IntervalOptions& options) {
  json sets = json::array();
  for (const auto& [mode, evaluation] : passes)
    for (const TaskScore& task : evaluation.tasks)
      sets.push_back(set_json(task, mode));
  json out = {{"name", policy.name}, {"step", policy.step}, {"sets", std::move(sets)}};
  if (const auto greedy = passes.find(EvaluationMode::kGreedy); greedy != passes.end())
    if (Result<json> all = benchmark_json(greedy->second, "all", bootstrap_of(options)); all)
      out["benchmark"] = std::move(all).value();
  return out;
}

/// The same evaluation with another figure in place of scores, so that it can be compared in pairs.
Evaluation by(std::optional<double> PromptScore::*figure, Evaluation evaluation) {
  std::erase_if(evaluation.prompts, [&](const PromptScore& p) { return !(p.*figure); });
  for (PromptScore& prompt : evaluation.prompts)
    prompt.score = *(prompt.*figure);
  return evaluation;
}

/// The same evaluation without what marks a control's prompt, so that it pairs with the others.
Evaluation under_plain_ids(Evaluation evaluation) {
  for (PromptScore& prompt : evaluation.prompts)
    for (const std::string_view mark : {"/blank", "/shuffled"})
      if (prompt.id.size() > mark.size() && prompt.id.ends_with(mark))
        prompt.id.resize(prompt.id.size() - mark.size());
  return evaluation;
}

/// "after - before" for each task and their mean. Evaluations without a common prompt have no
/// difference, and say nothing.
json differences_json(const Evaluation& before, const Evaluation& after, const std::string& what,
                      const IntervalOptions& options) {
  json out = json::array();
  const Result<std::vector<Difference>> differences =
      paired_differences(before, after, bootstrap_of(options));
  if (!differences)
    return out;
  for (const Difference& d : differences.value())
    out.push_back({{"name", d.task},
                   {"compared", what},
                   {"n", d.n},
                   {"before", d.before},
                   {"after", d.after},
                   {"difference", d.difference},
                   {"low", d.low},
                   {"high", d.high}});
  return out;
}

/// Adds the share of prompts on which the same option was chosen in both orders.
void add_consistency(const std::map<std::string, double>& shares, json& differences) {
  double mean = 0;
  for (const auto& [task, share] : shares)
    mean += share / static_cast<double>(shares.size());
  for (json& one : differences) {
    const auto task = shares.find(one["name"].get<std::string>());
    one["consistency"] = task == shares.end() ? mean : task->second;
  }
}

void append(json more, json& out) {
  for (json& one : more)
    out.push_back(std::move(one));
}

json compared_policies(const Passes& before, const Passes& after, const std::string& names,
                       const IntervalOptions& options) {
  json out = json::array();
  for (EvaluationMode mode : {EvaluationMode::kSampled, EvaluationMode::kGreedy}) {
    const auto old = before.find(mode), now = after.find(mode);
    if (old == before.end() || now == after.end())
      continue;
    const auto compare = [&](const std::string& what, const Evaluation& a, const Evaluation& b) {
      append(differences_json(a, b, joined({to_text(mode), what, names}, " "), options), out);
    };
    compare("reward:", by(&PromptScore::reward, old->second),
            by(&PromptScore::reward, now->second));
    compare("score:", old->second, now->second);
    compare("steps:", by(&PromptScore::steps, old->second), by(&PromptScore::steps, now->second));
  }
  return out;
}

json compared_controls(const Passes& passes, const IntervalOptions& options) {
  json out = json::array();
  const auto greedy = passes.find(EvaluationMode::kGreedy);
  if (greedy == passes.end())
    return out;
  for (const auto& [mode, words] :
       {std::pair{EvaluationMode::kBlank, "greedy score: picture - blank picture"},
        std::pair{EvaluationMode::kNoTool, "greedy score: tools - no tools"},
        std::pair{EvaluationMode::kShuffled,
                  "greedy score: options in order - options shuffled"}}) {
    const auto control = passes.find(mode);
    if (control == passes.end())
      continue;
    const Evaluation other = under_plain_ids(control->second);
    json differences = differences_json(other, greedy->second, words, options);
    for (json& one : differences)
      one["control"] = to_text(mode);
    if (mode == EvaluationMode::kShuffled)
      add_consistency(same_choice(other, greedy->second), differences);
    append(std::move(differences), out);
  }
  return out;
}

json baselines_json(const Passes& passes) {
  json baselines = json::array();
  const auto greedy = passes.find(EvaluationMode::kGreedy);
  if (greedy == passes.end())
    return baselines;
  for (const TaskScore& task : greedy->second.tasks)
    baselines.push_back(
        {{"set", task.task}, {"name", task.baseline_name}, {"score", task.baseline}});
  return baselines;
}

/// Adds the prompts of the pair number `pair`, each under an id of its own.
void pool(const Passes& passes, size_t pair, Passes& pooled) {
  for (const auto& [mode, evaluation] : passes) {
    pooled[mode].mode = mode;
    for (PromptScore prompt : evaluation.prompts) {
      prompt.id = std::to_string(pair) + "/" + prompt.id;
      pooled[mode].prompts.push_back(std::move(prompt));
    }
  }
}

/// As curate/report.json counts entities.
std::string named_bucket(int64_t named) {
  return named > 20 ? ">20" : named > 5 ? "6-20" : named > 1 ? "2-5" : "0-1";
}

/// Prompts with a path, as tasks of their own by how often its rarest entity is named.
Passes by_rarity(const Passes& passes) {
  Passes out;
  for (const auto& [mode, evaluation] : passes)
    for (PromptScore prompt : evaluation.prompts)
      if (prompt.named) {
        prompt.task += ", named " + named_bucket(*prompt.named);
        out[mode].prompts.push_back(std::move(prompt));
      }
  return out;
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
  const std::optional<EvaluationMode> known = evaluation_mode(mode);
  NELUMBO_CHECK(known.has_value()) << "no evaluation mode is called '" << mode << "'";
  const Evaluation evaluation = evaluate(groups, *known, bootstrap_of(options));
  return {to_json(evaluation), evaluation_metrics(evaluation), mean_reward_of(evaluation)};
}

Result<json> evaluation_json(const std::vector<PolicyEvaluation>& policies,
                             const IntervalOptions& options) {
  json out = {{"policies", json::array()}, {"paired", json::array()}};
  std::vector<Passes> all;
  for (const PolicyEvaluation& policy : policies) {
    Result<Passes> passes = passes_of(policy, options);
    if (!passes)
      return passes.error();
    out["policies"].push_back(policy_json(policy, passes.value(), options));
    all.push_back(std::move(passes).value());
  }
  if (all.empty())
    return out;
  if (all.size() > 1)
    append(compared_policies(all.front(), all.back(),
                             policies.back().name + " - " + policies.front().name, options),
           out["paired"]);
  append(compared_controls(all.back(), options), out["paired"]);
  out["baselines"] = baselines_json(all.back());
  return out;
}

Result<json> comparison_json(const std::vector<PolicyPair>& pairs, const IntervalOptions& options) {
  Passes base, other;
  for (size_t i = 0; i < pairs.size(); ++i) {
    const Result<Passes> first = passes_of(pairs[i].base, options),
                         second = passes_of(pairs[i].other, options);
    for (const Result<Passes>* read : {&first, &second})
      if (!*read)
        return read->error();
    pool(first.value(), i, base);
    pool(second.value(), i, other);
  }
  json out = compared_policies(base, other, "other - base", options);
  append(compared_policies(by_rarity(base), by_rarity(other), "other - base", options), out);
  if (out.empty())
    return Error{Errc::kBadData, "the runs were asked nothing in common"};
  return out;
}

Result<json> suite_json(const json& passes, const std::string& suite,
                        const IntervalOptions& options) {
  const Result<Passes> read = read_passes(passes);
  if (!read)
    return read.error();
  const auto greedy = read.value().find(EvaluationMode::kGreedy);
  NELUMBO_CHECK(greedy != read.value().end()) << "a suite needs greedy answers";
  Result<json> out = benchmark_json(greedy->second, suite, bootstrap_of(options));
  if (out && passes.size() > 1)
    out.value()["controls"] = compared_controls(read.value(), options);
  return out;
}

}  // namespace nelumbo
