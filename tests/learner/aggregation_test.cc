// SPDX-License-Identifier: Apache-2.0
#include "learner/aggregation.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TrainingItem item(std::vector<uint8_t> trained, float weight = 1) {
  const std::vector<int32_t> tokens(trained.size(), 1);
  return {.task = "t",
          .tokens = tokens,
          .trained = std::move(trained),
          .pixels = {},
          .weight = weight,
          .advantages = {},
          .old_logprobs = {}};
}

/// T = 1 and 3 behind one prompt, 4 and none behind another, none at all behind the third.
std::vector<TrainingGroup> step() {
  return {{.prefix = {1}, .pixels = {}, .items = {item({0, 1}), item({1, 1, 1})}},
          {.prefix = {1}, .pixels = {}, .items = {item({1, 1, 1, 1}), item({0, 0})}},
          {.prefix = {1}, .pixels = {}, .items = {item({0})}}};
}

std::vector<std::vector<double>> weights(const char* word) {
  return item_weights(step(), aggregation_of(word), 10);
}

using Weights = std::vector<std::vector<double>>;

TEST(Aggregation, TokenMeanGivesEveryTokenTheSameWeight) {
  EXPECT_EQ(weights("token_mean"), (Weights{{1.0 / 8, 1.0 / 8}, {1.0 / 8, 0}, {0}}));
}

TEST(Aggregation, SeqMeanTokenMeanGivesEverySequenceTheSameWeight) {
  EXPECT_EQ(weights("seq_mean_token_mean"), (Weights{{1.0 / 3, 1.0 / 9}, {1.0 / 12, 0}, {0}}));
}

TEST(Aggregation, SequencesWithoutTargetsDoNotCount) {
  EXPECT_EQ(weights("seq_mean_token_sum"), (Weights{{1.0 / 3, 1.0 / 3}, {1.0 / 3, 0}, {0}}));
}

TEST(Aggregation, SumMaxDividesByTheConstantLength) {
  EXPECT_EQ(weights("seq_mean_token_sum_max"), (Weights{{1.0 / 30, 1.0 / 30}, {1.0 / 30, 0}, {0}}));
}

TEST(Aggregation, PromptMeanGivesEveryPromptTheSameWeight) {
  EXPECT_EQ(weights("prompt_mean"), (Weights{{1.0 / 8, 1.0 / 8}, {1.0 / 8, 0}, {0}}));
  const std::vector<TrainingGroup> uneven{
      {.prefix = {1}, .pixels = {}, .items = {item({1}), item({1})}},
      {.prefix = {1}, .pixels = {}, .items = {item({1, 1, 1, 1, 1})}}};
  EXPECT_EQ(item_weights(uneven, Aggregation::kPromptMean, 1), (Weights{{0.25, 0.25}, {0.1}}));
}

TEST(Aggregation, AnItemsOwnWeightMultipliesAndDoesNotDivide) {
  const std::vector<TrainingGroup> groups{
      {.prefix = {1}, .pixels = {}, .items = {item({1}, 4), item({1}, 1)}}};
  EXPECT_EQ(item_weights(groups, Aggregation::kTokenMean, 1), (Weights{{2, 0.5}}));
}

TEST(Aggregation, NothingToTrainGivesNoWeightAndNoNan) {
  const std::vector<TrainingGroup> groups{{.prefix = {1}, .pixels = {}, .items = {item({0})}}};
  EXPECT_EQ(item_weights(groups, Aggregation::kSeqMeanTokenMean, 1), (Weights{{0}}));
}

}  // namespace
}  // namespace nelumbo
