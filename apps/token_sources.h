// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "actors/pipeline.h"
#include "apps/materials.h"

namespace nelumbo {

/// What stands at place `index` of an endless deck of `n`: each round of n is a new
/// shuffle, keyed by (seed, stage, round). A pure function. REQUIRES: n > 0, index >= 0.
int64_t dealt(uint64_t seed, StageKind stage, int64_t index, int64_t n);

/// The same of the places [first, first + count). REQUIRES: n > 0, first >= 0.
std::vector<int64_t> dealt_range(uint64_t seed, StageKind stage, int64_t first, int64_t count,
                                 int64_t n);

/// The batch of a step of pretrain (captions), midtrain (captions and answers with short chains of
/// thought) or sft (all items): so many pictures, documents and questions as the stage's section
/// says.
std::vector<TrainingGroup> token_batch(const Materials& materials, StageKind stage, int64_t step);

/// All validation pictures with the items that the stage trains on, and the multi-hop questions of
/// evaluation where it trains on questions; always the same.
std::vector<TrainingGroup> token_validation(const Materials& materials, StageKind stage);

/// What greedy predictions on `groups` are worth, each token predicted behind the true ones before
/// it: eval/caption/{accuracy, white_recall} over the regions, eval/locate/forced_iou, and loss and
/// token accuracy of each task. The value that gates a stage is the white-cell recall.
Judgement judge_tokens(const std::vector<TrainingGroup>& groups, const Dialogue& dialogue,
                       const Metrics& metrics, const Predictions& predictions);

}  // namespace nelumbo
