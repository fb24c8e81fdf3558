// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "actors/pipeline.h"
#include "apps/model_source.h"
#include "base/error.h"
#include "corpus/dialogue.h"
#include "model/config.h"
#include "model/score_model.h"
#include "model/weights.h"

namespace nelumbo {

/// A score model that a stage has trained.
struct TrainedScores {
  StageKind stage = StageKind::kRewardModel;  ///< or kPrm
  const WeightSet* weights = nullptr;
  StoredType type = StoredType::kF32;
  const Metrics* validation = nullptr;  ///< as judged_preferences() gives it
};

/// Writes a score model into the empty folder `folder` as transformers writes one: with the
/// documents of the policy that it was trained from, but for what config.json says of the head, and
/// with `measured.json`: what it was worth on pairs that it was not trained on.
Result<void> write_score_model(const ModelSource& documents, const TrainedScores& trained,
                               const std::string& folder);
/// The same of a policy from nothing.
Result<void> write_score_model(const ModelConfig& config, const Dialogue& dialogue,
                               const TrainedScores& trained, const std::string& folder);

}  // namespace nelumbo
