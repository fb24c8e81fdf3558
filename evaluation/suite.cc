// SPDX-License-Identifier: Apache-2.0
#include "evaluation/suite.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/hash.h"
#include "evaluation/metrics.h"

namespace nelumbo {

namespace {

/// In the order of EvaluationMode.
constexpr std::array<std::string_view, 5> kModes{"greedy", "sampled", "blank", "no_tool",
                                                 "shuffled"};

/// A running mean.
struct Mean {
  double sum = 0;
  int64_t n = 0;

  void add(double value) {
    sum += value;
    ++n;
  }
  double value() const { return n > 0 ? sum / static_cast<double>(n) : 0; }
};

/// What is gathered of one prompt.
struct PromptSums {
  const Prompt* prompt = nullptr;
  Mean score, reward, steps;
  std::set<std::optional<std::string>> chosen;
};

/// What is gathered of one task.
struct TaskSums {
  std::vector<const Prompt*> prompts;
  std::vector<double> scores;
  Mean parse_fail, truncated, length, calls, over_half, reward, steps;
};

void add_answers(const ScoredGroup& scored, PromptSums& prompt, TaskSums& task) {
  const Group& group = *scored.group;
  for (const Trajectory& trajectory : group.trajectories) {
    const AnswerScore answer = score_answer(*group.prompt, trajectory);
    prompt.score.add(answer.score);
    prompt.chosen.insert(answer.chosen);
    if (answer.steps)
      prompt.steps.add(*answer.steps);
    task.parse_fail.add(answer.parsed ? 0 : 1);
    task.truncated.add(answer.truncated ? 1 : 0);
    task.length.add(static_cast<double>(answer.length));
    task.calls.add(static_cast<double>(answer.calls));
    task.over_half.add(answer.score > 0.5 ? 1 : 0);
  }
  for (const Outcome& outcome : scored.outcomes)
    if (outcome.kind == Outcome::Kind::kScore)
      prompt.reward.add(outcome.total);
}

std::optional<double> if_any(const Mean& mean) {
  return mean.n > 0 ? std::optional(mean.value()) : std::nullopt;
}

PromptScore finished(const PromptSums& sums) {
  const nlohmann::json& truth = sums.prompt->truth;
  PromptScore score;
  score.id = sums.prompt->id;
  score.task = sums.prompt->task;
  score.score = sums.score.value();
  score.reward = if_any(sums.reward);
  score.steps = if_any(sums.steps);
  if (sums.chosen.size() == 1)
    score.chosen = *sums.chosen.begin();
  if (truth.is_object() && truth.contains("named"))
    score.named = truth["named"].get<int64_t>();
  return score;
}

std::string hash_of(std::span<const Prompt* const> prompts) {
  Hasher hasher;
  for (const Prompt* prompt : prompts)
    for (const std::string* part : {&prompt->id, &prompt->text}) {
      hasher.update(*part);
      hasher.update("\n");
    }
  return hasher.hex();
}

TaskScore finished(const std::string& name, const TaskSums& sums, const Bootstrap& bootstrap) {
  const Interval interval = mean_interval(sums.scores, bootstrap);
  TaskScore task;
  task.task = name;
  task.n = std::ssize(sums.scores);
  task.score = interval.mean;
  task.low = interval.low;
  task.high = interval.high;
  task.parse_fail = sums.parse_fail.value();
  task.truncated = sums.truncated.value();
  task.mean_length = sums.length.value();
  task.mean_calls = sums.calls.value();
  const Baseline baseline = blind_baseline(sums.prompts).value();
  task.baseline = baseline.score;
  task.baseline_name = baseline.name;
  task.prompts_hash = hash_of(sums.prompts);
  if (asks_for_box(*sums.prompts.front()))
    task.over_half = sums.over_half.value();
  task.reward = if_any(sums.reward);
  task.steps = if_any(sums.steps);
  return task;
}

/// Differences of the prompts that both have, by task.
struct Pairs {
  std::vector<double> differences;
  Mean before, after;
};

Difference compared(const std::string& task, const Pairs& pairs, const Interval& interval) {
  return {task,
          std::ssize(pairs.differences),
          pairs.before.value(),
          pairs.after.value(),
          interval.mean,
          interval.low,
          interval.high};
}

}  // namespace

std::string to_text(EvaluationMode mode) {
  return std::string(kModes[static_cast<size_t>(mode)]);
}

std::optional<EvaluationMode> evaluation_mode(const std::string& name) {
  const auto at = std::ranges::find(kModes, name);
  if (at == kModes.end())
    return std::nullopt;
  return static_cast<EvaluationMode>(at - kModes.begin());
}

Evaluation evaluate(std::span<const ScoredGroup> groups, EvaluationMode mode,
                    const Bootstrap& bootstrap) {
  std::map<std::string, PromptSums> prompts;
  std::map<std::string, TaskSums> tasks;
  for (const ScoredGroup& scored : groups) {
    const Prompt& prompt = *scored.group->prompt;
    if (scored.group->trajectories.empty())
      continue;
    PromptSums& sums = prompts[prompt.id];
    sums.prompt = &prompt;
    add_answers(scored, sums, tasks[prompt.task]);
  }
  Evaluation evaluation;
  evaluation.mode = mode;
  for (const auto& [id, sums] : prompts) {
    TaskSums& task = tasks[sums.prompt->task];
    task.prompts.push_back(sums.prompt);
    task.scores.push_back(sums.score.value());
    if (sums.reward.n > 0)
      task.reward.add(sums.reward.value());
    if (sums.steps.n > 0)
      task.steps.add(sums.steps.value());
    evaluation.prompts.push_back(finished(sums));
  }
  for (const auto& [name, sums] : tasks)
    evaluation.tasks.push_back(finished(name, sums, bootstrap));
  return evaluation;
}

void draw_intervals(Evaluation& evaluation, const Bootstrap& bootstrap) {
  std::map<std::string, std::vector<double>> scores;
  for (const PromptScore& prompt : evaluation.prompts)
    scores[prompt.task].push_back(prompt.score);
  for (TaskScore& task : evaluation.tasks)
    if (const auto found = scores.find(task.task); found != scores.end()) {
      const Interval interval = mean_interval(found->second, bootstrap);
      task.low = interval.low;
      task.high = interval.high;
    }
}

Result<std::vector<Difference>> paired_differences(const Evaluation& before,
                                                   const Evaluation& after,
                                                   const Bootstrap& bootstrap) {
  std::map<std::string, double> earlier;
  for (const PromptScore& prompt : before.prompts)
    earlier[prompt.id] = prompt.score;
  std::map<std::string, Pairs> tasks;
  for (const PromptScore& prompt : after.prompts) {
    const auto at = earlier.find(prompt.id);
    if (at == earlier.end())
      continue;
    Pairs& pairs = tasks[prompt.task];
    pairs.differences.push_back(prompt.score - at->second);
    pairs.before.add(at->second);
    pairs.after.add(prompt.score);
  }
  if (tasks.empty())
    return Error{Errc::kBadData, "the two evaluations have no prompt in common"};
  std::vector<Difference> all;
  std::vector<std::vector<double>> strata;
  Difference mean{"mean", 0, 0, 0, 0, 0, 0};
  for (const auto& [name, pairs] : tasks) {
    all.push_back(compared(name, pairs, mean_interval(pairs.differences, bootstrap)));
    strata.push_back(pairs.differences);
    mean.n += all.back().n;
    mean.before += all.back().before / static_cast<double>(tasks.size());
    mean.after += all.back().after / static_cast<double>(tasks.size());
  }
  const Interval interval = mean_of_means_interval(strata, bootstrap);
  mean.difference = interval.mean;
  mean.low = interval.low;
  mean.high = interval.high;
  all.push_back(mean);
  return all;
}

std::map<std::string, double> same_choice(const Evaluation& a, const Evaluation& b) {
  std::map<std::string, std::optional<std::string>> chosen;
  for (const PromptScore& prompt : a.prompts)
    chosen[prompt.id] = prompt.chosen;
  std::map<std::string, Mean> tasks;
  for (const PromptScore& prompt : b.prompts)
    if (const auto at = chosen.find(prompt.id); at != chosen.end())
      tasks[prompt.task].add(prompt.chosen && prompt.chosen == at->second ? 1 : 0);
  std::map<std::string, double> shares;
  for (const auto& [task, mean] : tasks)
    shares[task] = mean.value();
  return shares;
}

std::map<std::string, double> evaluation_metrics(const Evaluation& evaluation) {
  std::map<std::string, double> metrics;
  const std::string mode =
      evaluation.mode == EvaluationMode::kGreedy ? "" : to_text(evaluation.mode) + "_";
  for (const TaskScore& task : evaluation.tasks) {
    const std::string prefix = "eval/" + task.task + "/" + mode;
    metrics[prefix + "score"] = task.score;
    metrics[prefix + "low"] = task.low;
    metrics[prefix + "high"] = task.high;
    metrics[prefix + "n"] = static_cast<double>(task.n);
    metrics[prefix + "parse_fail"] = task.parse_fail;
    metrics[prefix + "truncated"] = task.truncated;
    metrics[prefix + "length"] = task.mean_length;
    metrics[prefix + "calls"] = task.mean_calls;
    metrics[prefix + "baseline"] = task.baseline;
    if (task.over_half)
      metrics[prefix + "over_half"] = *task.over_half;
    if (task.reward)
      metrics[prefix + "reward"] = *task.reward;
    if (task.steps)
      metrics[prefix + "steps"] = *task.steps;
  }
  return metrics;
}

}  // namespace nelumbo
