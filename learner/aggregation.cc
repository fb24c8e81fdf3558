// SPDX-License-Identifier: Apache-2.0
//
// The loss of a step is sum_t w_t * loss_t with w fixed by the whole step: averaging the means of
// micro-batches instead gives tokens of small micro-batches a larger say, which changes the
// objective with the packing.
#include "learner/aggregation.h"

#include <algorithm>

#include "base/check.h"

namespace nelumbo {
namespace {

/// Trained tokens of each item, and what the whole step adds up to.
struct Counts {
  std::vector<std::vector<int64_t>> items;  ///< [group][item]
  std::vector<int64_t> groups;              ///< [group]
  int64_t tokens = 0, sequences = 0, prompts = 0;
};

Counts count(std::span<const TrainingGroup> groups) {
  Counts counts;
  for (const TrainingGroup& group : groups) {
    std::vector<int64_t>& items = counts.items.emplace_back();
    int64_t in_group = 0;
    for (const TrainingItem& item : group.items) {
      items.push_back(std::ranges::count_if(item.trained, [](uint8_t m) { return m != 0; }));
      in_group += items.back();
      counts.sequences += items.back() > 0 ? 1 : 0;
    }
    counts.groups.push_back(in_group);
    counts.tokens += in_group;
    counts.prompts += in_group > 0 ? 1 : 0;
  }
  return counts;
}

double denominator(const Counts& counts, size_t group, size_t item, Aggregation aggregation,
                   int64_t loss_length) {
  const auto sequences = static_cast<double>(counts.sequences);
  switch (aggregation) {
    case Aggregation::kTokenMean:
      return static_cast<double>(counts.tokens);
    case Aggregation::kSeqMeanTokenMean:
      return sequences * static_cast<double>(counts.items[group][item]);
    case Aggregation::kSeqMeanTokenSum:
      return sequences;
    case Aggregation::kSeqMeanTokenSumMax:
      NELUMBO_CHECK(loss_length >= 1) << "seq_mean_token_sum_max divides by " << loss_length;
      return sequences * static_cast<double>(loss_length);
    case Aggregation::kPromptMean:
      return static_cast<double>(counts.prompts) * static_cast<double>(counts.groups[group]);
  }
  NELUMBO_CHECK(false) << "unknown aggregation";
  return 1;
}

}  // namespace

Aggregation aggregation_of(const std::string& word) {
  if (word == "token_mean")
    return Aggregation::kTokenMean;
  if (word == "seq_mean_token_mean")
    return Aggregation::kSeqMeanTokenMean;
  if (word == "seq_mean_token_sum")
    return Aggregation::kSeqMeanTokenSum;
  if (word == "seq_mean_token_sum_max")
    return Aggregation::kSeqMeanTokenSumMax;
  NELUMBO_CHECK(word == "prompt_mean") << "unknown aggregation '" << word << "'";
  return Aggregation::kPromptMean;
}

std::vector<std::vector<double>> item_weights(std::span<const TrainingGroup> groups,
                                              Aggregation aggregation, int64_t loss_length) {
  const Counts counts = count(groups);
  std::vector<std::vector<double>> weights(groups.size());
  for (size_t g = 0; g < groups.size(); ++g) {
    for (size_t i = 0; i < groups[g].items.size(); ++i) {
      const bool trained = counts.items[g][i] > 0;
      weights[g].push_back(trained ? static_cast<double>(groups[g].items[i].weight) /
                                         denominator(counts, g, i, aggregation, loss_length)
                                   : 0);
    }
  }
  return weights;
}

}  // namespace nelumbo
