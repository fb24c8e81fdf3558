// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "actors/stage.h"

namespace nelumbo {

/// dpo, reward_model and prm: each step trains on the pairs that stand at its places of the stage's
/// order; now and then those that are held out say what it is worth.
///
/// dpo compares with a reference, the weights that the stage begins with. How much likelier they
/// hold the better answer of a pair to be is computed once, before the first step, for the pairs
/// that the stage will use, and kept in the checkpoints.
///
/// reward_model and prm leave the policy as it is. Their score model is written to the folder of
/// the stage's name in the run's directory, when the stage ends.
class PreferenceStage {
 public:
  /// `kind` is kDpo, kRewardModel or kPrm.
  PreferenceStage(StageContext& context, StageKind kind);

  /// Runs from where the state stands to the end of the stage.
  Result<void> run();

  const Metrics& validation() const { return validation_; }

 private:
  bool trains_policy() const { return kind_ == StageKind::kDpo; }
  PreferenceJob job_of(std::span<const int64_t> pairs) const;
  /// The places of the pairs of a step.
  std::vector<int64_t> pairs_of_step(int64_t step) const;
  /// Adds what the pairs of a piece are worth to the learner now.
  Result<void> score(std::span<const int64_t> piece, PreferenceScores* scores);
  Result<void> make_reference();
  Result<void> step();
  Result<void> validate(Metrics& metrics);
  Result<void> write_score_model();

  StageContext& context_;
  StageKind kind_;
  DpoConfig config_;
  PreferencePairs pairs_;
  std::vector<int64_t> held_out_;
  Metrics validation_;
};

}  // namespace nelumbo
