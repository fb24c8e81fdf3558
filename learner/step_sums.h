// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "learner/collectives.h"
#include "learner/losses.h"
#include "learner/packing.h"

namespace nelumbo {

/// Metric names (docs: metrics.jsonl) to values.
using Metrics = std::map<std::string, double>;

/// Sums over the tokens of one task.
struct TaskSums {
  double loss = 0, right = 0, tokens = 0;
};

/// Totals of a step over its micro-batches.
struct StepSums {
  double loss = 0, entropy = 0, kl = 0;
  double mismatch = 0;  ///< the largest
  int64_t targets = 0, clipped = 0, rows = 0;
  std::map<std::string, TaskSums> tasks;

  double mean_kl() const { return targets > 0 ? kl / static_cast<double>(targets) : 0; }
};

/// Adds the losses and tokens of a batch to its tasks'. `logprobs` [S] of its targets.
void add_tasks(const PackedBatch& batch, std::span<const float> logprobs, StepSums& sums);

/// Adds what the policy's loss came to on a batch. `entropies` [S].
void add_loss(const PackedBatch& batch, const BatchLoss& loss, std::span<const float> entropies,
              StepSums& sums);

/// How far the log-probs of the draws are from the learner's: mismatch/logprob_abs_max, which must
/// be 0, of the same policy; else off_policy/logprob_abs_max, and off_policy/kl, KL(drawn || own).
Metrics mismatch_metrics(const StepSums& sums, bool same_policy);

/// What they say of a step: optim/loss, perf/rows, loss/<task>, and policy/entropy of its targets.
Metrics step_metrics(const StepSums& sums);

/// `sums` become those of all ranks, added in rank order. `tasks` are those of the whole step, the
/// same on every rank; one without tokens is left out.
Result<void> exchange(StepSums& sums, const std::vector<std::string>& tasks, Collectives& ranks,
                      Deadline deadline);

}  // namespace nelumbo
