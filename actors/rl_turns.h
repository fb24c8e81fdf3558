// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "actors/rl_batches.h"

namespace nelumbo {

/// Batches whose prompts are those of their step, whoever answers first: the bits of a run do not
/// depend on who is faster. With `max_staleness` 1 the answers of step k + 1 are drawn by the
/// weights that step k begins with, while the learner trains step k:
///
///   rollout   draws k + 1          load   draws k + 2          load
///   learner   trains k    waits    send   trains k + 1  waits  send
///
/// So each batch but the first lags by exactly one version.
class RlTurns : public RlBatches {
 public:
  using RlBatches::RlBatches;

  Result<void> take_over() override;
  /// While it trains, the next one's answers may be drawn.
  Result<RlBatch> next(Metrics& metrics) override;
  Result<void> settle() override;
  Result<void> keep() override;
  Result<void> end() override { return {}; }

 private:
  bool lags() const { return config_.max_staleness > 0; }
  /// Asks for round `number` of the step `stage_step`.
  void ask(int64_t stage_step, int64_t number, int64_t missing);
  /// All rounds of a step whose first was asked.
  Result<RlBatch> gather(int64_t stage_step);
  void add(const std::vector<ScoredGroup>& answered, RlBatch& batch);

  std::optional<int64_t> asked_;  ///< the step whose first round is being answered
  std::optional<RlBatch> ahead_;  ///< of the next step, answered and sorted out
};

}  // namespace nelumbo
