// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "learner/packing.h"

namespace nelumbo {

/// What one rank computes of an optimizer step.
struct RankShare {
  std::vector<PackedBatch> batches;  ///< may be none
  std::vector<std::string> tasks;    ///< of the whole step, the same on every rank
};

/// Packs a step as `pack` does and deals the micro-batches to ranks, the longest first, each to the
/// rank with the fewest rows so far (Graham, 1969). With several ranks a micro-batch has at most
/// the step's rows / ranks, unless one item and its prefix take more, so that all find work. Each
/// batch belongs to one rank; one rank gets what `pack` gives. REQUIRES: 0 <= rank < ranks.
RankShare rank_share(std::span<const TrainingGroup> groups, const PackOptions& options,
                     int64_t rank, int64_t ranks);

}  // namespace nelumbo
