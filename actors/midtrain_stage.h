// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "actors/stage.h"
#include "actors/token_stage.h"

namespace nelumbo {

/// Steps of phase 1 that are done when draw `draw` of `draw.checkpoints` happens: all of them for
/// the last, and more than half for the others, evenly apart.
int64_t draw_step(const MidtrainConfig& config, int64_t draw);

/// Mid-training, `steps` token steps and then `draw.steps` more under one schedule. Between them
/// lie the draws:
///
///   weights published -> every prompt answered at both temperatures -> gates -> kept traces
///
/// A draw that is missing is made up for when the stage is taken up. The answers themselves are
/// dropped in the ledger: what passes trains as given tokens, without their log-probs. `min_recall`
/// is asked at the end of phase 2, which then goes on.
class MidtrainStage final : public TokenStage {
 public:
  explicit MidtrainStage(StageContext& context);

 private:
  bool pauses_behind(int64_t done) const override;
  Result<Metrics> pause() override;
  bool is_due(int64_t draw, int64_t done) const;
  Result<Metrics> draw_traces(int64_t draw);
  AnswerJob job_of(int64_t draw) const;
  void drop(const std::vector<ScoredGroup>& groups, const std::string& reason);

  StageContext& context_;
  const MidtrainConfig& config_;
};

}  // namespace nelumbo
