// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_model.h"

#include <gtest/gtest.h>

#include "tests/support/parity.h"

namespace nelumbo {
namespace {

TEST(ChatModel, KnowsItsEndTokens) {
  const auto model = open_chat_model(parity_folder("llama_tied"));
  ASSERT_TRUE(model.ok()) << model.error().message;
  EXPECT_EQ(model.value().ends, std::vector<int32_t>{2});
  EXPECT_GT(model.value().tokenizer->size(), 800);
}

TEST(ChatModel, StopsAtAnEndTokenUnlessItIsIgnored) {
  auto model = open_chat_model(parity_folder("llama_tied"));
  ASSERT_TRUE(model.ok()) << model.error().message;
  ContinueOptions options;
  options.answer.sampling = {.temperature = 0, .max_new_tokens = 8};
  options.ignore_ends = true;
  const auto all = continue_tokens(model.value(), {5, 6, 7}, options);
  ASSERT_TRUE(all.ok()) << all.error().message;
  const Trajectory& drawn = all.value().trajectories.front();
  ASSERT_EQ(drawn.tokens.size(), 8U);
  EXPECT_FALSE(drawn.answered);
  model.value().ends = {drawn.tokens[2]};
  options.ignore_ends = false;
  const auto some = continue_tokens(model.value(), {5, 6, 7}, options);
  ASSERT_TRUE(some.ok());
  EXPECT_LE(some.value().trajectories.front().tokens.size(), 3U);
  EXPECT_TRUE(some.value().trajectories.front().answered);
}

TEST(ChatModel, RefusesIdsThatAreNoTokens) {
  const auto model = open_chat_model(parity_folder("llama_tied"));
  ASSERT_TRUE(model.ok());
  EXPECT_TRUE(check_tokens(model.value(), {0, 863}, "--tokens").ok());
  EXPECT_FALSE(check_tokens(model.value(), {864}, "--tokens").ok());
  EXPECT_FALSE(check_tokens(model.value(), {-1}, "--tokens").ok());
}

}  // namespace
}  // namespace nelumbo
