// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "actors/rl_batches.h"
#include "actors/stage.h"
#include "learner/health.h"

namespace nelumbo {

/// Group-relative reinforcement learning. One step:
///
///   prompts -> leases -> answers -> rewards      a round; groups without spread are dropped and
///                                                replaced in up to `refill_rounds` more rounds
///   -> batch, in the order of group ids -> learner -> new weights published -> samples committed
///
/// Where the batches come from, and what is drawn while the learner trains, is the business of
/// rl_batches.h. Before anything else needs the engines (a validation), and before a checkpoint,
/// which keeps them, the answers that are being drawn are waited for.
///
/// The weights that validated best are the stage's result.
class RlStage {
 public:
  explicit RlStage(StageContext& context);

  /// Runs from where the state stands to the end of the stage.
  Result<void> run();

  const Metrics& validation() const { return validation_; }

 private:
  Result<void> begin();
  Result<void> step();
  bool lags() const { return config_.max_staleness > 0; }
  Result<void> train(const RlBatch& batch, Metrics& metrics);
  Result<void> watch(const std::vector<ScoredGroup>& answered, int64_t zero_spread);
  Result<bool> validate(Metrics& metrics);
  Result<void> checkpoint_if_due();
  Result<void> checkpoint();
  Result<void> end_with_best();
  Result<void> watch_entropy(const std::string& place);

  StageContext& context_;
  const RlConfig& config_;
  std::unique_ptr<RlBatches> batches_;
  ZeroSpreadAlarm alarm_;
  Metrics validation_;
  double entropy_below_ = 0;  ///< steps in a row that the learner told of
  bool collapsed_ = false;    ///< was told
};

}  // namespace nelumbo
