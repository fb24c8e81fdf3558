// SPDX-License-Identifier: Apache-2.0
#include "apps/openai_logprobs.h"

#include <gtest/gtest.h>

#include "tests/support/parity.h"

namespace nelumbo {
namespace {

class OpenAiLogprobs : public testing::Test {
 protected:
  int32_t first_of(const std::string& text) const {
    return tokenizer_.encode(text, Tokenizer::Control::kPlain).front();
  }

  Tokenizer tokenizer_ = Tokenizer::read(parity_folder("llama_tied") + "/tokenizer.json").value();
};

TEST_F(OpenAiLogprobs, NameWholeTextsAndBytes) {
  EXPECT_EQ(token_name(tokenizer_, first_of("a")), "a");
  const std::string name = token_name(tokenizer_, first_of("🙂"));
  EXPECT_TRUE(name == "🙂" || name.starts_with("bytes:\\xf0")) << name;
}

TEST_F(OpenAiLogprobs, OfCompletionsHaveNoneForTheFirstToken) {
  const int32_t a = first_of("a"), b = first_of("b");
  const std::vector<ShownToken> tokens = {{a, std::nullopt, {}}, {b, -2.0F, {{a, -0.5F}}}};
  int64_t offset = 3;
  const auto shown = completion_logprobs(tokenizer_, tokens, &offset);
  EXPECT_EQ(shown["tokens"], (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(shown["token_logprobs"][0].is_null() && shown["top_logprobs"][0].is_null());
  EXPECT_EQ(shown["token_logprobs"][1], -2.0F);
  EXPECT_EQ(shown["top_logprobs"][1]["a"], -0.5F);
  EXPECT_EQ(shown["top_logprobs"][1]["b"], -2.0F);
  EXPECT_EQ(shown["text_offset"], (std::vector<int64_t>{3, 4}));
  EXPECT_EQ(offset, 5);
}

TEST_F(OpenAiLogprobs, OfChatsHaveBytes) {
  const int32_t a = first_of("a");
  const std::vector<ShownToken> tokens = {{a, -1.5F, {{a, -1.5F}}}};
  const auto shown = chat_logprobs(tokenizer_, tokens);
  EXPECT_EQ(shown["content"][0]["token"], "a");
  EXPECT_EQ(shown["content"][0]["bytes"], std::vector<int>{'a'});
  EXPECT_EQ(shown["content"][0]["top_logprobs"][0]["logprob"], -1.5F);
}

}  // namespace
}  // namespace nelumbo
