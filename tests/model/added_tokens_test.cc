// SPDX-License-Identifier: Apache-2.0
#include "model/added_tokens.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nelumbo {
namespace {

AddedToken token(int32_t id, std::string content) {
  AddedToken made;
  made.id = id;
  made.content = std::move(content);
  return made;
}

/// Tokens as <id:text>, plain text as it is.
std::string marked(const AddedTokens& tokens, const std::string& text,
                   AddedTokens::Stage stage = AddedTokens::Stage::kAsWritten) {
  std::string shown;
  for (const AddedTokens::Part& part : tokens.cut(text, stage))
    shown += part.token ? "<" + std::to_string(*part.token) + ":" + std::string(part.text) + ">"
                        : std::string(part.text);
  return shown;
}

TEST(AddedTokens, AreFoundLeftmostThenLongest) {
  const AddedTokens tokens({token(1, "ab"), token(2, "abc"), token(3, "bcd")});
  EXPECT_EQ(marked(tokens, "xabcdab"), "x<2:abc>d<1:ab>");
  EXPECT_EQ(marked(tokens, ""), "");
}

TEST(AddedTokens, TakeWhiteSpaceOnDemand) {
  AddedToken left = token(1, "<l>");
  left.lstrip = true;
  AddedToken right = token(2, "<r>");
  right.rstrip = true;
  const AddedTokens tokens({left, right});
  EXPECT_EQ(marked(tokens, "a \n\u3000<l> b"), "a<1: \n\u3000<l>> b");
  EXPECT_EQ(marked(tokens, "a <r> \tb"), "a <2:<r> \t>b");
  EXPECT_EQ(marked(tokens, "<r> <l>"), "<2:<r> ><1:<l>>") << "white space is taken once";
}

TEST(AddedTokens, OfASingleWordDoNotTouchWordCharacters) {
  AddedToken word = token(1, "whole");
  word.single_word = true;
  const AddedTokens tokens({word});
  EXPECT_EQ(marked(tokens, "whole, the whole"), "<1:whole>, the <1:whole>");
  EXPECT_EQ(marked(tokens, "wholesome _whole éwhole whole1"), "wholesome _whole éwhole whole1");
}

TEST(AddedTokens, OfNormalizedTextAreNormalizedThemselves) {
  AddedToken normalized = token(1, "Ab");
  normalized.normalized = true;
  const auto lower = Normalizer::parse({{"type", "Lowercase"}}, "n");
  ASSERT_TRUE(lower.ok());
  const AddedTokens tokens({normalized, token(2, "Bc")}, lower.value());
  EXPECT_EQ(marked(tokens, "ABc Ab"), "A<2:Bc> Ab");
  EXPECT_EQ(marked(tokens, "abc ab", AddedTokens::Stage::kNormalized), "<1:ab>c <1:ab>");
}

TEST(AddedTokens, AreFoundInWhiteSpaceThatAnotherTook) {
  AddedToken right = token(1, "x");
  right.rstrip = true;
  AddedToken both = token(2, " ");
  EXPECT_EQ(marked(AddedTokens({right, both}), "x  y"), "<1:x  ><2: ><2: >y");
  both.lstrip = both.rstrip = true;
  EXPECT_EQ(marked(AddedTokens({right, both}), "x  y"), "<1:x  >y");
}

TEST(AddedTokens, EndSoonOnSpacesThatEachOfThemTakes) {
  const std::string spaces(500'000, ' ');
  AddedToken space = token(1, " ");
  space.rstrip = true;
  EXPECT_EQ(AddedTokens({space}).cut(spaces, AddedTokens::Stage::kAsWritten).size(), spaces.size());
  space.lstrip = true;
  EXPECT_EQ(AddedTokens({space}).cut(spaces, AddedTokens::Stage::kAsWritten).size(), 1U);
}

TEST(AddedTokens, MaySpanSpacesAndScripts) {
  const AddedTokens tokens({token(1, "white cell"), token(2, "漢")});
  EXPECT_EQ(marked(tokens, "a white cell漢b"), "a <1:white cell><2:漢>b");
}

}  // namespace
}  // namespace nelumbo
