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
/// With `max_staleness` 1 the answers of step k + 1 are drawn by the weights that step k begins
/// with, while the learner trains step k:
///
///   rollout   draws k + 1          load   draws k + 2          load
///   learner   trains k    waits    send   trains k + 1  waits  send
///
/// So each batch but the first lags by exactly one version, whoever is faster, and a run repeats
/// its bits. Before anything else needs the engines (a validation), and before a checkpoint, which
/// keeps them, the answers that are being drawn are waited for.
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
  /// Takes over the answers that a checkpoint kept.
  Result<void> take_over();
  Result<void> step();
  bool lags() const { return config_.max_staleness > 0; }
  /// The batch of the step that begins; while it trains, the next one's answers may be drawn.
  Result<Batch> next_batch(Metrics& metrics);
  /// Asks for round `number` of the step `stage_step`: how many prompts the source had.
  int64_t ask(int64_t stage_step, int64_t number, int64_t missing);
  /// All rounds of a step whose first was asked.
  Result<Batch> gather(int64_t stage_step);
  /// Waits for the answers that are drawn ahead, if any are.
  Result<void> settle();
  void sort_out(const std::vector<ScoredGroup>& answered, Batch& batch);
  Result<void> train(const Batch& batch, Metrics& metrics);
  /// Gives the newest weights to the engines, unless they have them.
  Result<void> publish(Metrics& metrics);
  Result<void> watch(const Batch& batch);
  Result<bool> validate(Metrics& metrics);
  /// Puts what was drawn ahead into the state, for a checkpoint.
  Result<void> keep_ahead();
  Result<void> checkpoint_if_due();
  Result<void> checkpoint();
  Result<void> end_with_best();
  Result<void> watch_entropy(const std::string& place);
  /// `reason`: of scored samples that are dropped.
  void note(const ScoredGroup& group, Fate fate, const std::string& reason = "");

  StageContext& context_;
  const RlConfig& config_;
  ZeroSpreadAlarm alarm_;
  Metrics validation_;
  std::optional<uint64_t> published_;  ///< the version that the engines have
  std::optional<int64_t> asked_;       ///< the step whose first round is being answered
  std::optional<Batch> ahead_;         ///< of the next step, answered and sorted out
  double entropy_below_ = 0;           ///< steps in a row that the learner told of
  bool collapsed_ = false;             ///< was told
};

}  // namespace nelumbo
