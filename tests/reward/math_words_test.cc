// SPDX-License-Identifier: Apache-2.0
#include "reward/math_words.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(MathWords, HaveOneSpellingForEachSign) {
  EXPECT_EQ(with_plain_spellings("3−2×½"), "3-2*\\frac12");
  EXPECT_EQ(with_plain_spellings("minus 5\u20115"), "-5-5");
  EXPECT_EQ(with_plain_spellings("USD -5"), "-$5");
  EXPECT_EQ(with_plain_spellings("90^\\circ"), "90\\degree ");
  EXPECT_EQ(with_plain_spellings("12,\\!345"), "12{,}345");
}

TEST(MathWords, AreCommandsFunctionsAndLetters) {
  EXPECT_EQ(mark_of_command("leq"), "<=");
  EXPECT_FALSE(mark_of_command("sin"));
  EXPECT_TRUE(is_math_function("sin"));
  EXPECT_TRUE(is_math_letter("alpha"));
  EXPECT_TRUE(holds_text("mathrm"));
  EXPECT_TRUE(only_sets_type("left"));
  EXPECT_FALSE(only_sets_type("frac"));
}

}  // namespace
}  // namespace nelumbo
