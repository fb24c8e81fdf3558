// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/error.h"
#include "kernels/team.h"
#include "learner/config.h"
#include "learner/layered_pass.h"
#include "learner/optimizer.h"
#include "learner/packing.h"
#include "learner/shards.h"
#include "learner/train_ops.h"
#include "learner/trainables.h"
#include "learner/unit_shards.h"
#include "model/network.h"
#include "model/weights.h"

namespace nelumbo {

/// A policy, or a score model, as one of the ranks of a learner holds it, and what is stepped on.
/// All ranks make the same calls in the same order, whatever the sharding; one in which another
/// rank does not take part answers kUnavailable. `network` and `team` must outlive it.
class RankedPolicy {
 public:
  /// REQUIRES: weights in the network's order, that its type can store, here and in `restart`.
  RankedPolicy(const Network& network, const WeightSet& weights, Team& team, uint64_t seed,
               LearnerRanks ranks, std::optional<LinearSlot> score);

  const LearnerRanks& ranks() const { return ranks_; }
  TrainOps& ops() { return ops_; }

  /// Begins the stage, unless it has begun, and readies a step. kInvalidConfig where the stage
  /// names what the network lacks, or what the sharding cannot hold.
  Result<void> begin_step(const TrainingConfig& config);
  /// Calls `work` with the final hidden states of each of this rank's batches, of which there may
  /// be none; what it passes back gathers in the gradients.
  Result<void> each_batch(std::span<const PackedBatch> batches, const BatchWork& work);
  /// Sums the gathered gradients over ranks and says their norm.
  Result<double> sum_gradients();
  /// Steps on the summed gradients, unless their norm is not finite.
  Result<void> step(const OptimizerConfig& config, double lr, double norm);

  /// The weights on the first rank; where each rank holds all, on any, alone. Else nothing.
  Result<WeightSet> weights();
  /// Forgets the stage.
  void restart(const WeightSet& weights);
  /// Weights, what is stepped on, and moments, on the first rank; the others give nothing.
  Result<WeightSet> state();
  /// The weights, and what else `state` names out of one that may hold others. kBadData says what
  /// is wrong with them.
  Result<void> restore(WeightSet weights, const WeightSet& state);
  /// Whether a tensor of that name is what is stepped on, or a moment.
  static bool owns(const std::string& name);

  /// Of a policy that no rank holds whole; none where each does.
  const UnitShards* unit_shards() const { return units_ ? &*units_ : nullptr; }

 private:
  Deadline deadline() const { return ranks_.deadline(); }
  bool first() const { return ranks_.group->rank() == 0; }
  /// Cuts what the stage trains, and begins moments at zero.
  void begin_shards(const WeightSet& state);
  /// Keeps what is this rank's of weights and of what is stepped on in their place.
  void take(const WeightSet& weights, const WeightSet& state);
  /// Fills in what other ranks step on, and their moments, in `all` of the first.
  Result<void> complete_masters(WeightSet* all);
  Result<void> complete_moments(WeightSet* all);
  Result<WeightSet> gathered_weights();

  LearnerRanks ranks_;
  TrainOps ops_;
  std::optional<UnitShards> units_;
  Trainables trained_;
  Optimizer optimizer_{{}};
  std::optional<Shards> shards_;  ///< of what is trained, once a stage has begun
};

}  // namespace nelumbo
