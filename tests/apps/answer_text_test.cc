// SPDX-License-Identifier: Apache-2.0
#include "apps/answer_text.h"

#include <gtest/gtest.h>

#include "tests/support/parity.h"

namespace nelumbo {
namespace {

TEST(TextGate, HoldsBackWhatCouldBecomeAMark) {
  TextGate gate({"STOP", "END"});
  EXPECT_EQ(gate.pass("one S"), "one ");
  EXPECT_EQ(gate.pass("T"), "");
  EXPECT_EQ(gate.pass("A"), "STA");
  EXPECT_EQ(gate.pass("E"), "");
  EXPECT_FALSE(gate.met());
  EXPECT_EQ(gate.pass("ND of it"), "");
  EXPECT_TRUE(gate.met());
  EXPECT_EQ(gate.held(), "END of it");
  EXPECT_EQ(gate.pass(" more"), "");
}

TEST(TextGate, EndsAtTheFirstOfSeveralMarks) {
  TextGate gate({"later", "soon"});
  EXPECT_EQ(gate.pass("as soon as later"), "as ");
  EXPECT_TRUE(gate.met());
}

TEST(TextGate, KeepsTheLongestBeginningOfAMark) {
  TextGate gate({"aab"});
  EXPECT_EQ(gate.pass("aaa"), "a");
  EXPECT_EQ(gate.pass("b"), "");
  EXPECT_TRUE(gate.met());
}

TEST(TextGate, LetsEverythingThroughWithoutMarks) {
  TextGate gate({});
  EXPECT_EQ(gate.pass("all"), "all");
  EXPECT_EQ(gate.held(), "");
}

class AnswerTextOf : public testing::TestWithParam<const char*> {
 protected:
  std::shared_ptr<const Tokenizer> tokenizer_ = std::make_shared<const Tokenizer>(
      Tokenizer::read(parity_folder(GetParam()) + "/tokenizer.json").value());
};

TEST_P(AnswerTextOf, IsThatOfAllTokensWheneverItIsLookedAt) {
  const std::string text = "Näive café: 東京 🙂, twice  spaced. 🙂🙂 End";
  const std::vector<int32_t> tokens = tokenizer_->encode(text, Tokenizer::Control::kPlain);
  AnswerText answer(tokenizer_);
  std::string all;
  for (const int32_t token : tokens) {
    const std::string more = answer.push(token);
    EXPECT_EQ(more.find("\xEF\xBF\xBD"), std::string::npos) << more;
    all += more;
  }
  all += answer.finish();
  EXPECT_EQ(all, tokenizer_->decode(tokens, Tokenizer::Special::kSkip));
  EXPECT_EQ(answer.finish(), "");
}

TEST_P(AnswerTextOf, EndsWithWhatIsNoWholeCharacter) {
  std::vector<int32_t> tokens = tokenizer_->encode("a 🙂", Tokenizer::Control::kPlain);
  tokens.pop_back();
  AnswerText answer(tokenizer_);
  std::string all;
  for (const int32_t token : tokens)
    all += answer.push(token);
  all += answer.finish();
  EXPECT_EQ(all, tokenizer_->decode(tokens, Tokenizer::Special::kSkip));
}

TEST_P(AnswerTextOf, IsMadeOfTheBytesOfItsTokens) {
  const std::string text = "abc 🙂 déjà";
  std::string bytes;
  for (const int32_t token : tokenizer_->encode(text, Tokenizer::Control::kPlain))
    bytes += token_bytes(*tokenizer_, token);
  EXPECT_TRUE(bytes == text || bytes == " " + text) << bytes;
}

INSTANTIATE_TEST_SUITE_P(Tokenizers, AnswerTextOf,
                         testing::Values("llama_tied", "qwen3", "smolvlm"));

}  // namespace
}  // namespace nelumbo
