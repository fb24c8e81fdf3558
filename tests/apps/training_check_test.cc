// SPDX-License-Identifier: Apache-2.0
#include "apps/training_check.h"

#include <gtest/gtest.h>

#include "tests/support/parity.h"

namespace nelumbo {
namespace {

std::string complaint(const RunConfig& config) {
  const auto checked = check_training(config, ParityModel("llama_tied").network);
  if (checked)
    return "";
  EXPECT_EQ(checked.error().code, Errc::kInvalidConfig);
  return checked.error().message;
}

TEST(TrainingCheck, NamesTheKeyAndTheWordThatThePolicyLacks) {
  RunConfig config;
  EXPECT_EQ(complaint(config), "");
  config.rl.training.adapter.rank = 2;
  config.rl.training.adapter.targets = {"q_proj", "w2"};
  EXPECT_EQ(complaint(config), "rl.adapter.targets.1: the policy has no linear layer 'w2'");
  config.rl.training.adapter.rank = 0;  // and nobody looks at its targets
  EXPECT_EQ(complaint(config), "");
  config.sft.training.freeze = {"embedding"};
  EXPECT_EQ(complaint(config),
            "sft.freeze.0: the policy has no part or parameters 'embedding' (did you mean "
            "'embeddings'?)");
}

TEST(TrainingCheck, LooksAtTheStagesOfThePipelineAlone) {
  RunConfig config;
  config.midtrain.training.freeze = {"vision"};
  EXPECT_EQ(complaint(config), "");
  config.pipeline = {"midtrain"};
  EXPECT_EQ(complaint(config), "midtrain.freeze.0: the policy has no part or parameters 'vision'");
}

}  // namespace
}  // namespace nelumbo
