// SPDX-License-Identifier: Apache-2.0
#include "model/added_tokens.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

AddedToken token(int32_t id, std::string content) {
  AddedToken made;
  made.id = id;
  made.content = std::move(content);
  return made;
}

/// Tokens as <id:text>, plain text as it is.
std::string marked(const AddedTokens& tokens, const std::string& text) {
  std::string shown;
  for (const AddedTokens::Part& part : tokens.cut(text))
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

TEST(AddedTokens, OfNormalizedTextComeAfterTheOthers) {
  AddedToken normalized = token(1, "ab");
  normalized.normalized = true;
  const AddedTokens tokens({normalized, token(2, "bc")});
  EXPECT_EQ(marked(tokens, "abc ab"), "a<2:bc> <1:ab>");
}

TEST(AddedTokens, MaySpanSpacesAndScripts) {
  const AddedTokens tokens({token(1, "white cell"), token(2, "漢")});
  EXPECT_EQ(marked(tokens, "a white cell漢b"), "a <1:white cell><2:漢>b");
}

}  // namespace
}  // namespace nelumbo
