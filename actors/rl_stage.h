// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/stage.h"
#include "learner/health.h"

namespace nelumbo {

/// Group-relative reinforcement learning. One step:
///
///   prompts -> leases -> answers -> rewards      a round; groups without spread are dropped and
///                                                replaced in up to `refill_rounds` more rounds
///   -> batch, in the order of group ids -> learner -> new weights published -> samples committed
///
/// The weights that validated best are the stage's result.
class RlStage {
 public:
  explicit RlStage(StageContext& context);

  /// Runs from where the state stands to the end of the stage.
  Result<void> run();

  const Metrics& validation() const { return validation_; }

 private:
  /// What the rounds of a step gave.
  struct Batch {
    std::vector<ScoredGroup> all;   ///< everything that was answered
    std::vector<ScoredGroup> kept;  ///< what trains
    int64_t zero_spread = 0;
  };

  Result<void> begin();
  Result<void> step();
  Result<Batch> gather();
  Result<int64_t> round(int64_t number, int64_t missing, Batch& batch);
  void sort_out(const std::vector<ScoredGroup>& answered, Batch& batch);
  Result<void> train(const Batch& batch, Metrics& metrics);
  Result<void> watch(const Batch& batch);
  Result<bool> validate(Metrics& metrics);
  Result<void> end_with_best();
  void note(const ScoredGroup& group, Fate fate, const std::string& reason);

  StageContext& context_;
  const RlConfig& config_;
  ZeroSpreadAlarm alarm_;
  Metrics validation_;
};

}  // namespace nelumbo
