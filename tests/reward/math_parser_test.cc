// SPDX-License-Identifier: Apache-2.0
#include "reward/math_parser.h"

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

TEST(MathParser, KnowsWhatBindsMore) {
  EXPECT_EQ(value_text("1+2*3^2"), "19");
  EXPECT_EQ(value_text("-2^2"), "-4");
  EXPECT_EQ(value_text("6/2*3"), "9");
  EXPECT_EQ(value_text("2(3+4)"), "14");
}

TEST(MathParser, ReadsMixedNumbersAsSums) {
  EXPECT_EQ(value_text("1 1/2"), "3/2");
  EXPECT_EQ(value_text("2\\frac13"), "7/3");
  EXPECT_EQ(value_text("2\\frac{x}{3}"), "2/3*x");
  EXPECT_EQ(value_text("2 3"), "two numbers side by side");
}

TEST(MathParser, SaysWhatIsNoFormula) {
  EXPECT_EQ(value_text("1/0"), "division by 0");
  EXPECT_EQ(value_text("\\infty-\\infty"), "arithmetic with infinity");
  EXPECT_EQ(value_text("(1"), "'(' is not closed");
  EXPECT_EQ(value_text("1+"), "ends where a value should stand");
  EXPECT_EQ(value_text("1<x>0"), "relations of different kinds in a row");
  EXPECT_EQ(value_text(std::string(40, '(') + "1" + std::string(40, ')')), "nested too deeply");
}

TEST(MathParser, SaysWhatItMet) {
  const auto parsed = parse_math(math_tokens("5\\% \\pm 1").value(), {false, -1}).value();
  EXPECT_TRUE(parsed.has_percent);
  EXPECT_TRUE(parsed.has_plus_minus);
  EXPECT_EQ(parsed.value.ratio.text(), "-19/20");
}

}  // namespace
}  // namespace nelumbo
