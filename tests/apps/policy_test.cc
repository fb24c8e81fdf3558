// SPDX-License-Identifier: Apache-2.0
#include "apps/policy.h"

#include "tests/apps/small_policy.h"
#include "tests/support/parity.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(Policy, KeepsItsWeightsOnDisk) {
  const TemporaryFolder folder;
  put_tiny_policy(folder.path());
  const auto policy = open_model(folder.path());
  ASSERT_TRUE(policy.ok()) << policy.error().message;
  EXPECT_EQ(weights_hash(*policy.value().weights), weights_hash(tiny_weights()));
}

TEST(Policy, AnswersPromptsInTheirOrderAndTheSameEveryTime) {
  const TemporaryFolder folder;
  put_tiny_policy(folder.path());
  const auto policy = open_policy(folder.path());
  ASSERT_TRUE(policy.ok()) << policy.error().message;
  AnswerOptions options{.samples = 2, .seed = 5, .sampling = {.max_new_tokens = 8}};
  const auto& prompts = tiny_materials()->validation;
  Team one(1), two(2);
  const auto first =
      answer_prompts(policy.value(), policy.value().environment, one, prompts, options);
  const auto second =
      answer_prompts(policy.value(), policy.value().environment, two, prompts, options);
  ASSERT_TRUE(first.ok() && second.ok());
  ASSERT_EQ(first.value().size(), prompts.size());
  for (size_t i = 0; i < prompts.size(); ++i) {
    EXPECT_EQ(first.value()[i].prompt, prompts[i]);
    for (size_t s = 0; s < 2; ++s) {
      EXPECT_EQ(first.value()[i].trajectories[s].tokens, second.value()[i].trajectories[s].tokens);
      EXPECT_EQ(first.value()[i].trajectories[s].logprobs,
                second.value()[i].trajectories[s].logprobs);
    }
  }
}

TEST(Policy, IsNoModelOfAnotherKind) {
  for (const char* name : kVisionModels) {
    const auto model = open_model(parity_folder(name));
    ASSERT_TRUE(model.ok()) << model.error().message;
    EXPECT_FALSE(is_policy(read_tokenizer(model.value()).value()));
    EXPECT_FALSE(policy_of(model.value()).ok());
  }
}

}  // namespace
}  // namespace nelumbo
