// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/error.h"
#include "corpus/training_group.h"
#include "learner/config.h"
#include "learner/preferences.h"
#include "model/weights.h"
#include "reward/reward.h"

namespace nelumbo {

/// Owns the trained weights and the optimizer. Owned by one thread. Where several ranks share the
/// work, each must be asked the same in the same order, but for `validate_tokens`, `weights` and
/// those of score models: where each rank holds everything any of them answers alone, else all must
/// be asked, and the first has the answer. A call in which another rank does not take part answers
/// kUnavailable.
class Learner {
 public:
  virtual ~Learner() = default;

  // The first step behind a restart fixes what the stage trains: the treatments of its
  // configuration (learner/trained_parts.h; kInvalidConfig where a word names nothing). Adapters
  // begin anew there, and what they learnt in an earlier stage is part of the weights.

  /// One optimizer step on the mean next-token loss of the trained tokens. kDiverged when the loss
  /// or the gradient is not finite several times in a row; once is skipped and counted.
  virtual Result<Metrics> train_tokens(std::span<const TrainingGroup> groups,
                                       const TokenStageConfig& config, StepPlace place) = 0;
  /// The mean next-token loss ("loss/<task>") and accuracy ("accuracy/<task>") of each task, and
  /// the greedy prediction of each trained token in the order of the groups.
  virtual Result<Metrics> validate_tokens(
      std::span<const TrainingGroup> groups,
      std::vector<std::vector<std::vector<int32_t>>>* predictions) = 0;
  /// One optimizer step on scored groups that were drawn from exactly these weights, all at one
  /// temperature.
  virtual Result<Metrics> train_policy(std::span<const ScoredGroup> groups, const RlConfig& config,
                                       StepPlace place) = 0;

  /// One optimizer step on preferences. In dpo on the policy; else on a score model beside it,
  /// which begins as the policy's trunk with a head of zeros, and which `restart` forgets.
  virtual Result<Metrics> train_preferences(const PreferenceJob& job) = 0;
  /// What the job's groups are worth as it is now: see PreferenceScores. Nothing is trained.
  virtual Result<PreferenceScores> score_preferences(const PreferenceJob& job) = 0;
  /// A copy of the score model's weights, in the order of its network; the policy's trunk with a
  /// head of zeros where nothing was trained yet.
  virtual Result<std::shared_ptr<const WeightSet>> score_model(PreferenceKind kind) = 0;

  /// A copy of the weights as they are now: the policy's.
  virtual Result<std::shared_ptr<const WeightSet>> weights() = 0;
  /// Replaces the weights and forgets moments and adapters: the start of a stage.
  virtual void restart(const WeightSet& weights) = 0;

  /// Weights, adapters, moments and counters as tensors, for a checkpoint, and back, on any number
  /// of ranks. Those behind the first give nothing.
  virtual Result<WeightSet> state() = 0;
  virtual Result<void> restore(const WeightSet& state) = 0;
};

}  // namespace nelumbo
