// SPDX-License-Identifier: Apache-2.0
#include "reward/math_terms.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

TEST(MathEqual, ComparesValues) {
  const Prompt half = prompt_with({{"answer", "\\frac{1}{2}"}});
  EXPECT_EQ(value_of("{kind: math_equal}", half, "0.5"), 1);
  EXPECT_EQ(value_of("{kind: math_equal}", half, "0.51"), 0);
  EXPECT_EQ(value_of("{kind: math_equal, relative: 0.05}", half, "0.51"), 1);
  EXPECT_EQ(value_of("{kind: math_equal}", prompt_with({{"answer", 7}}), "14/2"), 1);
}

TEST(MathEqual, ComparesTextWhereTheTruthIsNoFormula) {
  const Prompt name = prompt_with({{"answer", "\\text{Evelyn}"}});
  EXPECT_EQ(value_of("{kind: math_equal}", name, "evelyn."), 1);
  EXPECT_EQ(value_of("{kind: math_equal}", name, "Eve"), 0);
  EXPECT_EQ(value_of("{kind: math_equal}", prompt_with({{"answer", "10 20"}}), "1020"), 0);
}

TEST(MathEqual, ReadsWhatOnlySaysThatItIsTheAnswer) {
  const Prompt half = prompt_with({{"answer", "\\frac{1}{2}"}});
  for (const char* text : {"The answer is 1/2", "Answer: $0.5$", "**Answer: 1/2**", "So 1/2",
                           "The final answer is \\boxed{\\frac{1}{2}}.", "0.5 is correct"})
    EXPECT_EQ(value_of("{kind: math_equal}", half, text), 1) << text;
  for (const char* text : {"The answer is 1/3", "The answer is not 1/2", "The answer is 1/2?",
                           "The answer is 1/2 or 1/3"})
    EXPECT_EQ(value_of("{kind: math_equal}", half, text), 0) << text;
  EXPECT_EQ(value_of("{kind: format, answer: math}", half, "The answer is 1/2"), 1);
}

TEST(MathEqual, ComparesWordsThatAreNoFormula) {
  const Prompt even = prompt_with({{"answer", "\\text{even}"}});
  for (const char* text : {"even", "Even.", "\\text{even}", "$\\text{Even}$"}) {
    EXPECT_EQ(value_of("{kind: format, answer: math}", even, text), 1) << text;
    EXPECT_EQ(value_of("{kind: math_equal}", even, text), 1) << text;
  }
  EXPECT_FALSE(is_text_of_math("x^^2"));
  EXPECT_FALSE(is_text_of_math("$$"));
}

TEST(MathEqual, SaysWhereOnlyUnitsOrPercentDiffer) {
  const auto evidence = [](const std::string& term, const char* truth, const char* answer) {
    const Prompt prompt = prompt_with({{"answer", truth}});
    return judged(term, prompt, answer_candidate(prompt, answer)).evidence;
  };
  const std::string required = "{kind: math_equal, units: required}";
  EXPECT_EQ(evidence(required, "5 cm", "5"), "'5' does not equal '5 cm': it has no unit");
  EXPECT_EQ(evidence(required, "5", "5 cm"), "'5 cm' does not equal '5': it has a unit");
  EXPECT_EQ(evidence(required, "5 cm", "6"), "'6' does not equal '5 cm'");
  EXPECT_EQ(evidence("{kind: math_equal, percent: value}", "50", "50%"),
            "'50%' does not equal '50': it is in percent");
}

TEST(MathEqual, SaysWhyAnAnswerIsNoFormula) {
  const Prompt one = prompt_with({{"answer", "1"}});
  EXPECT_EQ(judged("{kind: math_equal}", one, answer_candidate(one, "1/0")).evidence,
            "'1/0' is no formula: division by 0");
  EXPECT_EQ(judged("{kind: math_equal}", one, answer_candidate(one, "1 = 1.0")).evidence,
            "'1 = 1.0' is no formula: an equation says nothing whose sides are written alike");
  EXPECT_EQ(judged("{kind: math_equal}", one, Trajectory{}).value, 0);
}

TEST(MathEqual, ComparesAWordWithOneInMarkup) {
  const Prompt yes = prompt_with({{"answer", "yes"}});
  for (const char* text : {"\\text{Yes}", "$\\text{yes}$", "Yes.", "\\boxed{\\text{Yes}}"})
    EXPECT_EQ(value_of("{kind: math_equal}", yes, text), 1) << text;
  for (const char* text : {"\\text{No}", "\\text{Yes or no}", "\\text{Yes}?", "yes no"})
    EXPECT_EQ(value_of("{kind: math_equal}", yes, text), 0) << text;
}

TEST(MathEqual, ReadsWhatStandsOverALine) {
  const Prompt half = prompt_with({{"answer", "\\frac{1}{2}"}});
  for (const char* text : {"1 \\over 2", "{1 \\over 2}", "$1\\over2$", "{2 \\over 3+1}"})
    EXPECT_EQ(value_of("{kind: math_equal}", half, text), 1) << text;
  for (const char* text : {"2 \\over 1", "1 \\over", "\\over 2", "1 \\over 0", "1 over 2"})
    EXPECT_EQ(value_of("{kind: math_equal}", half, text), 0) << text;
}

}  // namespace
}  // namespace nelumbo
