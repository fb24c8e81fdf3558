// SPDX-License-Identifier: Apache-2.0
#include "reward/pattern_text.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

std::string text(const std::string& pattern, const TextStyle& style = {}) {
  std::string made;
  append_text(tree_of(pattern), style, 1000, made);
  return made;
}

TEST(PatternText, IsWhatThePatternAsksFor) {
  EXPECT_EQ(text("ab"), "ab");
  EXPECT_EQ(text("x{3}y+z?"), "xxxyz");
  EXPECT_EQ(text("x{3}y*z?", {.times = 0}), "xxx");
  EXPECT_EQ(text("x{3}y+z?", {.times = 2}), "xxxyyz");
  EXPECT_EQ(text("(a|b)c"), "ac");
  EXPECT_EQ(text("(a|b)c", {.alternative = 1}), "bc");
  EXPECT_EQ(text("[0-9]\\d\\s."), "00 a");
  EXPECT_EQ(text("(?:ab){2,4}"), "abab");
  EXPECT_EQ(text("a{,3}b{x}"), "ab{x}");
  EXPECT_EQ(text("x{2000}").size(), 1000u);
  EXPECT_EQ(text(""), "");
  EXPECT_EQ(text("(a|b|c)d", {.alternative = TextStyle::kLast}), "cd");
  EXPECT_EQ(text("a.+b[x-z]+", {.times = 0}), "abx") << "not what may be anything";
  EXPECT_EQ(text("[a-c0]", {.sample = 1}), "0");
}

}  // namespace
}  // namespace nelumbo
