// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <future>
#include <vector>

#include "actors/stage.h"

namespace nelumbo {

/// pretrain and sft: each step trains on the batch that the source gives for it, while a helper
/// thread asks for the next.
///
/// With `min_recall`, the stage goes on past its planned steps, for at most as many again, until a
/// validation reaches that value; the schedule then starts anew.
class TokenStage {
 public:
  /// `kind` is kPretrain or kSft.
  TokenStage(StageContext& context, StageKind kind);

  /// Runs from where the state stands to the end of the stage.
  Result<void> run();

  const Metrics& validation() const { return validation_; }

 private:
  bool finished() const;
  Result<void> step();
  Result<void> validate(Metrics& metrics);
  std::vector<TrainingGroup> take_batch(int64_t step);

  StageContext& context_;
  StageKind kind_;
  TokenStageConfig config_;
  Shared<std::vector<TrainingGroup>> held_out_;
  std::future<std::vector<TrainingGroup>> next_batch_;
  Metrics validation_;
};

}  // namespace nelumbo
