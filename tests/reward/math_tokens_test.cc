// SPDX-License-Identifier: Apache-2.0
#include "reward/math_tokens.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

std::string joined_tokens(std::string_view text, bool units = false) {
  const auto tokens = math_tokens(text, units);
  if (!tokens)
    return tokens.error().message;
  std::string all;
  for (const MathToken& token : tokens.value())
    all += token.kind == MathToken::Kind::kEnd ? "" : token.text + " ";
  return all;
}

TEST(MathTokens, LeaveOutWhatOnlySetsType) {
  EXPECT_EQ(joined_tokens("$\\frac{1}{2}\\text{ cm}$"), "frac { 1 } { 2 } cm ");
  EXPECT_EQ(joined_tokens("\\left(3,\\,4\\right)"), "( 3 , 4 ) ");
  for (const char* text : {"\\boxed{7}.", "**7**.", "$\\boxed{7}$", "\\(7\\)"})
    EXPECT_EQ(joined_tokens(text), joined_tokens("7")) << text;
}

TEST(MathTokens, ReadThousandsOutsideBracketsOnly) {
  EXPECT_EQ(joined_tokens("1,234"), "1234 ");
  EXPECT_EQ(joined_tokens("(1,234)"), "( 1 , 234 ) ");
  EXPECT_EQ(joined_tokens("1,23"), "1 , 23 ");
  EXPECT_EQ(joined_tokens("10\\,000"), "10000 ");
}

TEST(MathTokens, KeepTheDollarThatIsMoney) {
  EXPECT_EQ(joined_tokens("$5"), "$ 5 ");
  EXPECT_EQ(joined_tokens("$5$"), "5 ");
  EXPECT_EQ(joined_tokens("\\$5"), "$ 5 ");
  EXPECT_EQ(joined_tokens("US$5"), "$ 5 ");
  EXPECT_EQ(joined_tokens("$-5"), "- $ 5 ");
  EXPECT_EQ(joined_tokens("$-5$"), "- 5 ");
}

TEST(MathTokens, SplitShortProductsAndRefuseOtherWords) {
  EXPECT_EQ(joined_tokens("xyz"), "x y z ");
  EXPECT_EQ(joined_tokens("Evelyn"), "'Evelyn' is no word of a formula");
  EXPECT_EQ(joined_tokens("5 m"), "5 m ");
  EXPECT_EQ(math_tokens("5 m", true).value()[1].kind, MathToken::Kind::kUnit);
  EXPECT_EQ(math_tokens("5 m").value()[1].kind, MathToken::Kind::kSymbol);
}

TEST(MathTokens, RefuseWhatCannotBeSeenAndWhatIsTooLong) {
  EXPECT_NE(joined_tokens("7\u200b").find("is in no formula"), std::string::npos);
  EXPECT_EQ(joined_tokens(std::string(2001, '1')), "too long for a formula");
  EXPECT_NE(joined_tokens("1\\unknowncommand").find("is not known"), std::string::npos);
}

TEST(MathTokens, ReadRepeatingAndScaledNumbers) {
  EXPECT_EQ(math_tokens("0.1\\overline{6}").value()[0].number, Rational::of(1, 6).value());
  EXPECT_EQ(math_tokens("1.5e3").value()[0].number, Rational(1500));
}

}  // namespace
}  // namespace nelumbo
