// SPDX-License-Identifier: Apache-2.0
#include "reward/math_factors.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

std::string value_text(std::string_view text) {
  const auto tokens = math_tokens(text);
  if (!tokens)
    return tokens.error().message;
  const auto parsed = parse_math(tokens.value(), {});
  return parsed ? parsed.value().value.ratio.text() : parsed.error().message;
}

TEST(MathFactors, AreFractionsRootsAndPowers) {
  EXPECT_EQ(value_text("\\frac12"), "1/2");
  EXPECT_EQ(value_text("\\sqrt[3]{54}"), "3*#2^1/3");
  EXPECT_EQ(value_text("\\sqrt{x+1}"), "1*pow(1 + 1*x;1/2)");
  EXPECT_EQ(value_text("4^{-1/2}"), "1/2");
  EXPECT_EQ(value_text("5!"), "120");
  EXPECT_EQ(value_text("\\binom{6}{2}"), "15");
}

TEST(MathFactors, TakeWhatBelongsToAFunction) {
  EXPECT_EQ(value_text("\\sin 2x"), value_text("\\sin(2x)"));
  EXPECT_EQ(value_text("\\sin^2 x"), "1*sin(1*x)^2");
  EXPECT_EQ(value_text("\\log_{2} 8"), "1*log_2(8)");
}

TEST(MathFactors, AreBarsAndSubscripts) {
  EXPECT_EQ(value_text("|-3|+1"), "4");
  EXPECT_EQ(value_text("|x|"), "1*abs(1*x)");
  EXPECT_EQ(value_text("110_2"), "1*110_2");
}

TEST(MathFactors, PutASignOfCurrencyInFront) {
  EXPECT_EQ(value_text("\\$5"), "5*<dollar>");
  EXPECT_EQ(value_text("2*\\$5"), "10*<dollar>");
}

}  // namespace
}  // namespace nelumbo
