// SPDX-License-Identifier: Apache-2.0
#include "reward/emphasis.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Emphasis, IsTakenOffAllOfAText) {
  for (const char* text : {"72", "**72**", "**72**.", "*72*", "__72__", "\\boxed{72}",
                           "\\boxed{72}.", "**\\boxed{72}**", "\\(72\\)", "\\[ \\fbox{72} \\]"})
    EXPECT_EQ(without_emphasis(text), "72") << text;
}

TEST(Emphasis, StaysWhereItSetsApartAPart) {
  for (const char* text : {"**72** or **71**", "\\boxed{72} \\boxed{71}", "2**3", "*", "**", "72.",
                           "\\boxed{72", "_7", "****"})
    EXPECT_EQ(without_emphasis(text), text) << text;
}

TEST(Wrapping, IsTakenOffWithAllEmphasis) {
  for (const char* text : {"B", "(B)", "[**B**]", "\\text{B}", "$\\boxed{\\textbf{B}}$",
                           "\u201CB\u201D", "{`B`}", "**(B)**."})
    EXPECT_EQ(without_wrapping(text), "B") << text;
  for (const char* text :
       {"(B) or (C)", "\\text{B} \\text{C}", "{B} {C}", "$B$ $C$", "(B", "()", "((B))"})
    EXPECT_EQ(without_wrapping(text), text) << text;
}

/// "\\text{\\text{B}}"
std::string wrapped(const std::string& open, int layers) {
  std::string text = "B";
  for (int i = 0; i < layers; ++i)
    text = open + text + "}";
  return text;
}

TEST(Wrapping, IsTakenOffSixteenTimesAndNoMore) {
  EXPECT_EQ(without_emphasis(wrapped("\\boxed{", 16)), "B");
  EXPECT_EQ(without_wrapping(wrapped("\\text{", 16)), "B");
  EXPECT_EQ(without_wrapping(wrapped("\\boxed{\\text{", 1) + "}"), "B");
  EXPECT_EQ(without_emphasis(wrapped("\\boxed{", 17)), "\\boxed{B}");
  EXPECT_EQ(without_wrapping(wrapped("\\text{", 17)), "\\text{B}");
  EXPECT_EQ(without_wrapping(wrapped("\\boxed{", 25000)), wrapped("\\boxed{", 25000 - 16));
}

TEST(MathDollars, ComeInPairs) {
  EXPECT_EQ(without_math_dollars("$72$ clips"), "72 clips");
  EXPECT_EQ(without_math_dollars("$72"), "\\$72");
  EXPECT_EQ(without_math_dollars("\\$72"), "\\$72");
}

}  // namespace
}  // namespace nelumbo
