// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "actors/stage.h"

namespace nelumbo {

/// The whole run on one screen: stages in order, from the start or from a checkpoint, with a
/// checkpoint behind each.
class StageLoop {
 public:
  /// `resumed`: where an earlier process stopped, or where another run ended its first `reused`
  /// stages.
  StageLoop(StageContext& context, std::optional<Checkpoint> resumed, int64_t reused = 0);

  PipelineReport run();

 private:
  Result<void> run_stages();
  /// Gives the learner its weights: the given ones, or those of the checkpoint.
  Result<void> begin();
  Result<void> begin_stage(StageKind kind);
  Result<void> run_stage(StageKind kind);
  Result<void> end_stage();
  void describe_stages(PipelineReport& report) const;
  void finish(PipelineReport& report);

  StageContext& context_;
  std::optional<Checkpoint> resumed_;
  int64_t reused_;
  std::vector<Metrics> validations_;  ///< of each stage, as far as this process ran it
};

}  // namespace nelumbo
