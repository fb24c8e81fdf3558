// SPDX-License-Identifier: Apache-2.0
#include "actors/rl_metrics.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "base/check.h"

namespace nelumbo {
namespace {

double share(int64_t part, int64_t all) {
  return all > 0 ? static_cast<double>(part) / static_cast<double>(all) : 0;
}

/// Mean, spread and range of numbers that come one by one.
struct Spread {
  void add(double x) {
    low = count == 0 ? x : std::min(low, x);
    high = count == 0 ? x : std::max(high, x);
    sum += x;
    squares += x * x;
    ++count;
  }
  double mean() const { return count > 0 ? sum / static_cast<double>(count) : 0; }
  double deviation() const {
    const double variance = count > 0 ? squares / static_cast<double>(count) - mean() * mean() : 0;
    return std::sqrt(std::max(variance, 0.0));
  }

  int64_t count = 0;
  double sum = 0, squares = 0, low = 0, high = 0;
};

/// Calls `visit(prompt, trajectory, outcome)` for each answer.
template <class Visit>
void each_answer(const std::vector<ScoredGroup>& groups, Visit visit) {
  for (const ScoredGroup& group : groups)
    for (size_t i = 0; i < group.outcomes.size(); ++i)
      visit(*group.group->prompt, group.group->trajectories[i], group.outcomes[i]);
}

void add_outcome(const Prompt& prompt, const Outcome& outcome,
                 std::map<std::string, Spread>& means) {
  means["reward/rule/mean"].add(outcome.rule);
  if (outcome.has_rubric)
    means["reward/rubric/mean"].add(outcome.rubric);
  means["reward/process/mean"].add(outcome.process);
  means["reward/shaping/mean"].add(outcome.shaping);
  means["reward/gate/mean"].add(outcome.gate.empty() ? 1 : 0);
  means["reward/task/" + prompt.task + "/mean"].add(outcome.total);
  for (const Component& part : outcome.components)
    means["reward/" + part.name + "/mean"].add(part.value);
}

}  // namespace

double OutcomeCounts::no_score_rate() const {
  return share(invalid + infra_error + timeout, all);
}

double OutcomeCounts::error_rate() const {
  return share(infra_error + timeout, all);
}

OutcomeCounts count_outcomes(const std::vector<ScoredGroup>& groups) {
  OutcomeCounts counts;
  each_answer(groups, [&](const Prompt&, const Trajectory&, const Outcome& outcome) {
    ++counts.all;
    counts.invalid += outcome.kind == Outcome::Kind::kInvalid;
    counts.infra_error += outcome.kind == Outcome::Kind::kInfraError;
    counts.timeout += outcome.kind == Outcome::Kind::kTimeout;
  });
  return counts;
}

int64_t sampled_tokens(const std::vector<ScoredGroup>& groups) {
  int64_t tokens = 0;
  each_answer(groups, [&](const Prompt&, const Trajectory& trajectory, const Outcome&) {
    tokens += std::count(trajectory.sampled.begin(), trajectory.sampled.end(), 1);
  });
  return tokens;
}

Metrics group_metrics(const std::vector<ScoredGroup>& groups) {
  Spread reward;
  std::map<std::string, Spread> means;
  each_answer(groups, [&](const Prompt& prompt, const Trajectory& answer, const Outcome& outcome) {
    means["rollout/length/mean"].add(
        static_cast<double>(std::count(answer.sampled.begin(), answer.sampled.end(), 1)));
    means["rollout/truncated"].add(answer.finish == Finish::kStop ? 0 : 1);
    means["rollout/turns/mean"].add(1 + static_cast<double>(answer.calls.size()));
    means["rollout/answered"].add(answer.answered ? 1 : 0);
    if (outcome.kind != Outcome::Kind::kScore)
      return;
    reward.add(outcome.total);
    add_outcome(prompt, outcome, means);
  });
  Metrics metrics;
  for (const auto& [name, spread] : means)
    metrics[name] = spread.mean();
  metrics["reward/mean"] = reward.mean();
  metrics["reward/std"] = reward.deviation();
  metrics["reward/min"] = reward.low;
  metrics["reward/max"] = reward.high;
  const OutcomeCounts counts = count_outcomes(groups);
  metrics["errors/invalid"] = static_cast<double>(counts.invalid);
  metrics["errors/infra_error"] = static_cast<double>(counts.infra_error);
  metrics["errors/timeout"] = static_cast<double>(counts.timeout);
  metrics["errors/no_score_rate"] = counts.no_score_rate();
  metrics["errors/error_rate"] = counts.error_rate();
  return metrics;
}

PolicyVersion oldest_version(const Group& group) {
  NELUMBO_CHECK(!group.trajectories.empty()) << "a group without answers has no version";
  return std::ranges::min(group.trajectories, {}, &Trajectory::version).version;
}

Metrics staleness_metrics(const std::vector<ScoredGroup>& groups, PolicyVersion current,
                          bool shares) {
  Spread lag, swapped;
  std::map<int64_t, int64_t> tokens;  // by lag
  each_answer(groups, [&](const Prompt&, const Trajectory& answer, const Outcome&) {
    swapped.add(answer.swaps.empty() ? 0 : 1);
    const AnswerVersions versions = answer.versions();
    for (size_t i = 0; i < answer.tokens.size(); ++i) {
      if (answer.sampled[i] == 0)
        continue;
      const auto behind =
          static_cast<int64_t>(static_cast<uint64_t>(current)) -
          static_cast<int64_t>(static_cast<uint64_t>(versions.at(static_cast<int64_t>(i))));
      lag.add(static_cast<double>(behind));
      ++tokens[behind];
    }
  });
  Metrics metrics = {{"off_policy/mean", lag.mean()}, {"off_policy/max", lag.high}};
  if (!shares)
    return metrics;
  metrics["off_policy/swapped"] = swapped.mean();
  for (const auto& [behind, count] : tokens)
    metrics["off_policy/lag_" + std::to_string(behind)] = share(count, lag.count);
  return metrics;
}

}  // namespace nelumbo
