// SPDX-License-Identifier: Apache-2.0
#include "learner/adapter_files.h"

#include <gtest/gtest.h>

#include "learner/policy_learner.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_policy.h"

namespace nelumbo {
namespace {

class AdapterFilesTest : public ::testing::Test {
 protected:
  /// A learner behind two steps.
  std::unique_ptr<Learner> trained(const TokenStageConfig& config) {
    auto learner = make_learner(policy_.network, *policy_.weights, team_);
    const auto prompt = policy_.prompt("a");
    TrainingItem item;
    item.task = "locate";
    item.tokens = policy_.dialogue->answer_turn("<g1><g2>");
    item.trained.assign(item.tokens.size(), 1);
    const std::vector<TrainingGroup> lessons = {
        {.prefix = prompt->tokens, .pixels = prompt->pixels, .items = {item}}};
    for (int64_t i = 0; i < 2; ++i)
      EXPECT_TRUE(learner->train_tokens(lessons, config, {i, 2}).ok());
    return learner;
  }

  TinyPolicy policy_;
  Team team_{2};
  TokenStageConfig config_{.steps = 2, .optimizer = {.lr = 1e-2, .warmup = 1}};
};

TEST_F(AdapterFilesTest, HoldNothingWhereNoAdapterIsTrained) {
  const auto learner = trained(config_);
  EXPECT_FALSE(adapter_of_state(learner->state().value(), *learner->weights().value()).has_value());
}

TEST_F(AdapterFilesTest, MergeIntoTheirBaseAsTheLearnerDidBitForBit) {
  config_.training.adapter = {.rank = 3, .alpha = 5, .targets = {"decoder"}};
  const auto learner = trained(config_);
  const auto adapter = adapter_of_state(learner->state().value(), *learner->weights().value());
  ASSERT_TRUE(adapter.has_value());
  EXPECT_EQ(adapter->base_hash, weights_hash(*policy_.weights));
  const TemporaryFolder folder;
  ASSERT_TRUE(write_peft_adapter(folder.path(), *adapter).ok());
  const auto read = read_peft_adapter(folder.path());
  ASSERT_TRUE(read.ok()) << read.error().message;
  WeightSet weights = *policy_.weights;
  const auto merged = merge_adapter(team_, read.value(), folder.path(), &weights);
  ASSERT_TRUE(merged.ok()) << merged.error().message;
  EXPECT_EQ(weights_hash(weights), weights_hash(*learner->weights().value()));
  EXPECT_NE(weights_hash(weights), weights_hash(*policy_.weights));
}

}  // namespace
}  // namespace nelumbo
