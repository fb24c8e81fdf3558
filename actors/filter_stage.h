// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "actors/stage.h"

namespace nelumbo {

/// The policy answers each prompt a few times, and how often it is right decides which prompts the
/// later stages see. Nothing is trained, and no sample is anything's to lose: none is in the
/// ledger.
class FilterStage {
 public:
  explicit FilterStage(StageContext& context) : context_(context) {}

  /// Runs from where the state stands to the end of the stage.
  Result<void> run();

  const Metrics& validation() const { return validation_; }

 private:
  Result<void> step();

  StageContext& context_;
  Metrics validation_;
};

}  // namespace nelumbo
