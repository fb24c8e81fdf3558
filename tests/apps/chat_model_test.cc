// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_model.h"

#include <gtest/gtest.h>

#include "tests/support/chat_model_folder.h"
#include "tests/support/temporary_folder.h"

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

/// A model that is spoken to in ChatML.
class ChatTokens : public testing::Test {
 protected:
  void SetUp() override { put_chat_model(folder_.path()); }

  TemporaryFolder folder_;
};

TEST_F(ChatTokens, SpeakInTheTemplateOfTheModel) {
  const auto model = open_chat_model(folder_.path());
  ASSERT_TRUE(model.ok()) << model.error().message;
  const auto tokens = chat_tokens(model.value(), "Hello there.");
  ASSERT_TRUE(tokens.ok()) << tokens.error().message;
  const Tokenizer& tokenizer = *model.value().tokenizer;
  const std::string prompt = tokenizer.decode(tokens.value(), Tokenizer::Special::kKeep);
  EXPECT_TRUE(prompt.find("user\nHello there.<|im_end|>") != std::string::npos) << prompt;
  EXPECT_EQ(tokens.value(), tokenizer.encode(prompt, Tokenizer::Control::kRecognised));
}

}  // namespace
}  // namespace nelumbo
