// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "corpus/training_group.h"

namespace nelumbo {

/// How the losses of a step's tokens become one number: sum over tokens of w * loss. With m the
/// mask of trained tokens and T = sum m of one sequence:
enum class Aggregation {
  kTokenMean,           ///< w = m / sum of all T
  kSeqMeanTokenMean,    ///< w = m / (sequences * T)
  kSeqMeanTokenSum,     ///< w = m / sequences
  kSeqMeanTokenSumMax,  ///< w = m / (sequences * L_max), L_max a constant (Dr.GRPO)
  kPromptMean,          ///< w = m / (prompts * sum of T over the prompt's sequences)
};

/// REQUIRES: one of the words that `rl.aggregation` accepts.
Aggregation aggregation_of(const std::string& word);

/// w of a trained token of each item, [group][item]; 0 for an item without one. It is a constant
/// within an item for every aggregation, and holds the item's own weight.
///
/// Counts are those of the whole step: call it once on everything that one optimizer step sees,
/// before anything is split. The gradients of the parts are then summed and never averaged.
/// Sequences and prompts count only when they have a trained token. REQUIRES: loss_length >= 1 for
/// kSeqMeanTokenSumMax; other aggregations ignore it.
std::vector<std::vector<double>> item_weights(std::span<const TrainingGroup> groups,
                                              Aggregation aggregation, int64_t loss_length);

}  // namespace nelumbo
