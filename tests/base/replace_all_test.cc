// SPDX-License-Identifier: Apache-2.0
#include "base/replace_all.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  replace_all(&text, from, to);
  return text;
}

TEST(ReplaceAll, PutsOneTextInThePlaceOfAnother) {
  EXPECT_EQ(replaced("a-b--c", "-", "+"), "a+b++c");
  EXPECT_EQ(replaced("aaa", "aa", "b"), "ba");
  EXPECT_EQ(replaced("x", "long", "l"), "x");
}

TEST(ReplaceAll, TakesTextsOut) {
  EXPECT_EQ(replaced("$1$", "$", ""), "1");
}

TEST(ReplaceAll, LooksAtNothingTwice) {
  EXPECT_EQ(replaced("*a*", "*", "***"), "***a***");
}

}  // namespace
}  // namespace nelumbo
