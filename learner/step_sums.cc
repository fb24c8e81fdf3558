// SPDX-License-Identifier: Apache-2.0
#include "learner/step_sums.h"

#include <algorithm>

namespace nelumbo {
namespace {

constexpr size_t kMismatch = 2;  ///< its place in what is told: the largest counts, not the sum

std::vector<double> told(const StepSums& sums, const std::vector<std::string>& tasks) {
  std::vector<double> all = {sums.loss,
                             sums.entropy,
                             sums.mismatch,
                             static_cast<double>(sums.targets),
                             static_cast<double>(sums.clipped),
                             static_cast<double>(sums.rows),
                             sums.kl};
  for (const std::string& name : tasks) {
    const auto at = sums.tasks.find(name);
    const TaskSums task = at == sums.tasks.end() ? TaskSums() : at->second;
    all.insert(all.end(), {task.loss, task.right, task.tokens});
  }
  return all;
}

StepSums heard(std::span<const double> all, const std::vector<std::string>& tasks) {
  StepSums sums;
  sums.loss = all[0];
  sums.entropy = all[1];
  sums.mismatch = all[2];
  sums.targets = static_cast<int64_t>(all[3]);
  sums.clipped = static_cast<int64_t>(all[4]);
  sums.rows = static_cast<int64_t>(all[5]);
  sums.kl = all[6];
  for (size_t t = 0; t < tasks.size(); ++t)
    if (const auto task = all.subspan(7 + 3 * t, 3); task[2] > 0)
      sums.tasks[tasks[t]] = {task[0], task[1], task[2]};
  return sums;
}

}  // namespace

void add_tasks(const PackedBatch& batch, std::span<const float> logprobs, StepSums& sums) {
  for (size_t s = 0; s < batch.targets.size(); ++s) {
    TaskSums& task = sums.tasks[batch.tasks[static_cast<size_t>(batch.task[s])]];
    task.loss -= logprobs[s];
    task.tokens += 1;
  }
}

void add_loss(const PackedBatch& batch, const BatchLoss& loss, std::span<const float> entropies,
              StepSums& sums) {
  sums.loss += loss.loss;
  sums.targets += std::ssize(batch.targets);
  sums.rows += std::ssize(batch.tokens);
  sums.clipped += loss.clipped;
  sums.mismatch = std::max(sums.mismatch, loss.mismatch_abs_max);
  sums.kl += loss.kl;
  for (const float h : entropies)
    sums.entropy += h;
}

Metrics mismatch_metrics(const StepSums& sums, bool same_policy) {
  if (same_policy)
    return {{"mismatch/logprob_abs_max", sums.mismatch}};
  return {{"off_policy/logprob_abs_max", sums.mismatch}, {"off_policy/kl", sums.mean_kl()}};
}

Metrics step_metrics(const StepSums& sums) {
  Metrics metrics = {{"optim/loss", sums.loss}, {"perf/rows", static_cast<double>(sums.rows)}};
  for (const auto& [task, t] : sums.tasks)
    metrics["loss/" + task] = t.loss / t.tokens;
  if (sums.targets > 0)
    metrics["policy/entropy"] = sums.entropy / static_cast<double>(sums.targets);
  return metrics;
}

Result<void> exchange(StepSums& sums, const std::vector<std::string>& tasks, Collectives& ranks,
                      Deadline deadline) {
  const std::vector<double> mine = told(sums, tasks);
  std::vector<double> all(mine.size() * static_cast<size_t>(ranks.size()));
  if (auto done = ranks.all_gather(std::span(mine), all, deadline); !done)
    return done;
  const std::span first(all.data(), mine.size());
  for (size_t r = 1; r < static_cast<size_t>(ranks.size()); ++r)
    for (size_t i = 0; i < mine.size(); ++i) {
      const double other = all[r * mine.size() + i];
      first[i] = i == kMismatch ? std::max(first[i], other) : first[i] + other;
    }
  sums = heard(first, tasks);
  return {};
}

}  // namespace nelumbo
