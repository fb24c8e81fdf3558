// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "model/tokenizer.h"

namespace nelumbo {
namespace {

constexpr auto kPlain = Tokenizer::Control::kPlain;
constexpr auto kRecognised = Tokenizer::Control::kRecognised;

using Tokens = std::vector<std::string>;

TokenizerTraining options(int64_t vocab_size, Tokens special = {}, Tokens added = {}) {
  return {vocab_size, std::move(special), std::move(added)};
}

Tokenizer trained(const Tokens& texts, const TokenizerTraining& training) {
  Result<Tokenizer> tokenizer = train_tokenizer(texts, training);
  EXPECT_TRUE(tokenizer.ok()) << tokenizer.error().message;
  return std::move(tokenizer).value();
}

std::string refusal(const TokenizerTraining& training) {
  const Result<Tokenizer> tokenizer = train_tokenizer({"text"}, training);
  return tokenizer.ok() ? "accepted" : tokenizer.error().message;
}

TEST(TokenizerTraining, OrdersIdsBySpecialAddedBytesMerges) {
  const Tokenizer tokenizer =
      trained({"aab aab aab"}, options(261, {"<s>", "</s>"}, {"white cell"}));
  EXPECT_EQ(tokenizer.id("<s>"), 0);
  EXPECT_EQ(tokenizer.id("</s>"), 1);
  EXPECT_EQ(tokenizer.id("white cell"), 2);
  EXPECT_EQ(tokenizer.piece(3), std::string(1, '\0'));
  EXPECT_EQ(tokenizer.piece(3 + 'a'), "a");
  EXPECT_EQ(tokenizer.piece(259), "aa") << "with 3 of each pair the smallest ids come first";
  EXPECT_EQ(tokenizer.piece(260), "aab");
}

TEST(TokenizerTraining, JoinsTheMostFrequentPairFirst) {
  // xy stands 4 times, xyz 3 times, ab twice, q once.
  const Tokenizer tokenizer = trained({"xyz\nxyz\nxyz\nxy\nab\nab\nq"}, options(300));
  EXPECT_EQ(tokenizer.piece(256), "xy");
  EXPECT_EQ(tokenizer.piece(257), "xyz");
  EXPECT_EQ(tokenizer.piece(258), "ab");
  EXPECT_EQ(tokenizer.size(), 259) << "no other pair stands twice";
  EXPECT_EQ(tokenizer.encode("xyzab", kPlain), (std::vector<int32_t>{257, 258}));
}

TEST(TokenizerTraining, CountsPairsAgainWithinAWord) {
  // banana: an stands twice in it, so a joins n before b joins a.
  const Tokenizer tokenizer = trained({"banana banana"}, options(258));
  EXPECT_EQ(tokenizer.piece(256), "an");
}

TEST(TokenizerTraining, NeverLooksIntoWholeTokens) {
  const Tokenizer tokenizer =
      trained({"<s>white cell", "<s>white cell", "cells"}, options(300, {"<s>"}, {"white cell"}));
  EXPECT_EQ(tokenizer.size(), 258) << "nothing else stands twice";
  EXPECT_EQ(tokenizer.encode("<s>white cell", kRecognised), (std::vector<int32_t>{0, 1}));
  EXPECT_GT(tokenizer.encode("<s>white cell", kPlain).size(), 2U);
}

TEST(TokenizerTraining, DoesNotDependOnTheOrderOfTexts) {
  std::vector<std::string> texts{"the red cell", "a white cell", "the white cell", "platelets",
                                 "red cells and platelets"};
  const std::string json = trained(texts, options(290)).json();
  std::reverse(texts.begin(), texts.end());
  EXPECT_EQ(trained(texts, options(290)).json(), json);
}

TEST(TokenizerTraining, GivesADocumentThatReadsAsTheSameTokenizer) {
  const Tokenizer tokenizer =
      trained({"count the cells", "count the platelets"}, options(280, {"<s>"}, {"<loc 1>"}));
  const Result<Tokenizer> again = Tokenizer::parse(tokenizer.json(), "t");
  ASSERT_TRUE(again.ok()) << again.error().message;
  for (const std::string text : {"count <loc 1> the\n", "ünseen 漢<s>"})
    EXPECT_EQ(again.value().encode(text, kRecognised), tokenizer.encode(text, kRecognised));
}

TEST(TokenizerTraining, RefusesImpossibleOptions) {
  EXPECT_EQ(refusal(options(256, {"<s>"})),
            "tokenizer: vocab_size must be at least 257 for the bytes and the tokens given, not "
            "256");
  EXPECT_EQ(refusal(options(512, {"<s>"}, {"<s>"})), "tokenizer: token '<s>' is given twice");
  EXPECT_EQ(refusal(options(512, {}, {"x"})), "tokenizer: 'x' is a byte's token already");
  EXPECT_EQ(refusal(options(512, {}, {""})), "tokenizer: a token must be UTF-8 text, not empty");
  EXPECT_EQ(refusal(options(512, {}, {"\xFF\xFE"})),
            "tokenizer: a token must be UTF-8 text, not empty");
}

}  // namespace
}  // namespace nelumbo
