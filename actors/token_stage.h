// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <future>
#include <vector>

#include "actors/stage.h"

namespace nelumbo {

/// pretrain, sft and, with pauses, midtrain: each step trains on the batch that the source gives
/// for it, while a helper thread asks for the next.
///
/// With `min_recall`, the stage goes on past its planned steps, for at most as many again, until a
/// validation reaches that value; the schedule then starts anew.
class TokenStage {
 public:
  /// `kind` is kPretrain or kSft.
  TokenStage(StageContext& context, StageKind kind);
  virtual ~TokenStage() = default;

  /// Runs from where the state stands to the end of the stage.
  Result<void> run();

  const Metrics& validation() const { return validation_; }

 protected:
  TokenStage(StageContext& context, StageKind kind, const TokenStageConfig& config);

 private:
  /// Whether a pause comes when `done` steps are done. No batch behind a pause is asked for before.
  virtual bool pauses_behind(int64_t /*done*/) const { return false; }
  /// What is done between two steps; a checkpoint follows. Its metrics join the line of the step
  /// before it.
  virtual Result<Metrics> pause() { return Metrics(); }
  bool finished() const;
  Result<void> step();
  Result<void> validate(Metrics& metrics);
  Result<std::vector<TrainingGroup>> take_batch(int64_t step);

  StageContext& context_;
  StageKind kind_;
  TokenStageConfig config_;
  Shared<std::vector<TrainingGroup>> held_out_;
  std::future<Result<std::vector<TrainingGroup>>> next_batch_;
  Metrics validation_;
};

}  // namespace nelumbo
