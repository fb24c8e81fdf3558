// SPDX-License-Identifier: Apache-2.0
#include "apps/openai_choice.h"

#include <gtest/gtest.h>

#include "tests/support/parity.h"

namespace nelumbo {
namespace {

class ChoiceTest : public testing::Test {
 protected:
  /// Draws a text token by token, and an end token if the model is to end.
  std::string draw(Choice& choice, const std::string& text, bool ends) {
    std::vector<int32_t> tokens = tokenizer_->encode(text, Tokenizer::Control::kPlain);
    if (ends)
      tokens.push_back(2);
    std::string out;
    for (const int32_t token : tokens)
      if (!choice.finish())
        out += choice.take({.group = {}, .sample = 0, .token = token, .logprob = -1});
    return out;
  }

  std::shared_ptr<const Tokenizer> tokenizer_ = std::make_shared<const Tokenizer>(
      Tokenizer::read(parity_folder("llama_tied") + "/tokenizer.json").value());
};

TEST_F(ChoiceTest, StopsAtAnEndToken) {
  Choice choice(tokenizer_, {.ends = {2}, .stops = {}, .max_tokens = 100});
  EXPECT_EQ(draw(choice, "all of it", true), "all of it");
  EXPECT_EQ(choice.finish(), "stop");
  EXPECT_EQ(choice.drawn(), std::ssize(choice.take_tokens()));
}

TEST_F(ChoiceTest, StopsBeforeAText) {
  Choice choice(tokenizer_, {.ends = {2}, .stops = {"END"}, .max_tokens = 100});
  EXPECT_EQ(draw(choice, "before END behind", true), "before ");
  EXPECT_EQ(choice.finish(), "stop");
}

TEST_F(ChoiceTest, GivesBackWhatOnlyBeganLikeAStop) {
  Choice choice(tokenizer_, {.ends = {2}, .stops = {"ENDLESS"}, .max_tokens = 100});
  EXPECT_EQ(draw(choice, "the END", true), "the END");
}

TEST_F(ChoiceTest, EndsAtItsLength) {
  Choice choice(tokenizer_, {.ends = {2}, .stops = {}, .max_tokens = 2});
  draw(choice, "quite a lot of words", false);
  EXPECT_EQ(choice.finish(), "length");
  EXPECT_EQ(choice.drawn(), 2);
}

TEST_F(ChoiceTest, ShowsNothingOfNoTokens) {
  Choice choice(tokenizer_, {.ends = {2}, .stops = {}, .max_tokens = 0});
  EXPECT_EQ(draw(choice, "words", false), "");
  EXPECT_EQ(choice.finish(), "length");
  EXPECT_EQ(choice.drawn(), 0);
  EXPECT_TRUE(choice.take_tokens().empty());
}

TEST_F(ChoiceTest, TakesCallsOfToolsOut) {
  const std::string call = "<tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>";
  Choice choice(tokenizer_, {.ends = {2}, .stops = {}, .max_tokens = 1000, .tools = true});
  EXPECT_EQ(draw(choice, "See: " + call, true), "See: ");
  EXPECT_EQ(choice.finish(), "tool_calls");
  ASSERT_EQ(choice.calls().size(), 1U);
  Choice plain(tokenizer_, {.ends = {2}, .stops = {}, .max_tokens = 1000});
  EXPECT_EQ(draw(plain, call, true), call);
  EXPECT_EQ(plain.finish(), "stop");
}

TEST_F(ChoiceTest, EndsWithItsFirstJsonObject) {
  Choice choice(tokenizer_, {.ends = {2}, .stops = {}, .max_tokens = 1000, .json = true});
  EXPECT_EQ(draw(choice, R"(It is {"a": ["}", 1]} and so on)", true), R"(It is {"a": ["}", 1]})");
  EXPECT_EQ(choice.finish(), "stop");
  Choice open(tokenizer_, {.ends = {2}, .stops = {}, .max_tokens = 1000, .json = true});
  EXPECT_EQ(draw(open, R"({"a": [1)", true), R"({"a": [1)");
  EXPECT_EQ(open.finish(), "stop");
}

TEST_F(ChoiceTest, KeepsACallThatWasCutOffAsText) {
  Choice choice(tokenizer_, {.ends = {2}, .stops = {}, .max_tokens = 1000, .tools = true});
  EXPECT_EQ(draw(choice, "<tool_call>{\"name\"", true), "<tool_call>{\"name\"");
  EXPECT_EQ(choice.finish(), "stop");
}

}  // namespace
}  // namespace nelumbo
