// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "learner/collectives.h"
#include "learner/packing.h"

namespace nelumbo {

/// Sums over the tokens of one task.
struct TaskSums {
  double loss = 0, right = 0, tokens = 0;
};

/// Totals of a step over its micro-batches.
struct StepSums {
  double loss = 0, entropy = 0, mismatch = 0;  ///< mismatch: the largest
  int64_t targets = 0, clipped = 0, rows = 0;
  std::map<std::string, TaskSums> tasks;
};

/// Adds the losses and tokens of a batch to its tasks'. `logprobs` [S] of its targets.
void add_tasks(const PackedBatch& batch, std::span<const float> logprobs, StepSums& sums);

/// `sums` become those of all ranks, added in rank order. `tasks` are those of the whole step, the
/// same on every rank; one without tokens is left out.
Result<void> exchange(StepSums& sums, const std::vector<std::string>& tasks, Collectives& ranks,
                      Deadline deadline);

}  // namespace nelumbo
