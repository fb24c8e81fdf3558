// SPDX-License-Identifier: Apache-2.0
#include "reward/arithmetic.h"

#include <gtest/gtest.h>

#include "reward/process.h"
#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

using Texts = std::vector<std::string>;

TEST(Arithmetic, FindsWhatDoesNotHold) {
  EXPECT_EQ(false_equations("He has 3 + 4 = 8 apples."), Texts{"3 + 4 = 8"});
  EXPECT_EQ(false_equations("48/2 = <<48/2=25>>25"), Texts{"48/2 = 25"});
  EXPECT_EQ(false_equations("2*3=6. 6*2=11\n11-1=10"), Texts{"6*2 = 11"});
  EXPECT_EQ(false_equations("$1,200 + $300 = $1,600"), Texts{"$1,200 + $300 = 1,600"});
  EXPECT_EQ(false_equations("5 x 2 = 11 and 2 × 2 = 5"), (Texts{"5 * 2 = 11", "2 * 2 = 5"}));
  EXPECT_EQ(false_equations("10/3 = 3.34"), Texts{"10/3 = 3.34"});
  EXPECT_EQ(false_equations("3-5=2"), Texts{"3-5 = 2"});
  EXPECT_EQ(false_equations("(2+3)*4 = 14"), Texts{"(2+3)*4 = 14"});
  EXPECT_EQ(false_equations("7/2=3"), Texts{"7/2 = 3"});
  EXPECT_EQ(false_equations("Then, 3+4=8."), Texts{"3+4 = 8"});
  EXPECT_EQ(false_equations("1/2 + 1/3 = 2/5."), Texts{"1/2 + 1/3 = 2/5"});
  EXPECT_EQ(false_equations("He has two. 3+4=8"), Texts{"3+4 = 8"});
}

TEST(Arithmetic, ComesToTheRightSideOfWhatHolds) {
  for (const char* text :
       {"48 + 24 = 72 clips", "8 × 9 = 72 clips", "48 + 48/2 = 48 + 24 = 72 clips",
        "144 / 2 = 72 clips", "$48 + $24 = 72 clips"})
    EXPECT_EQ(equation_result(text), "72 clips") << text;
  EXPECT_EQ(equation_result("10/3 = $3.33"), "$3.33");
  EXPECT_EQ(equation_result("60 + 25 = **85**"), "85");
  EXPECT_EQ(equation_result("97 kg - 12 kg = 85 kg"), "85 kg");
  EXPECT_EQ(equation_result("40% x 60% = 24%"), "24%");
  EXPECT_EQ(equation_result("60 x 40% = 24"), "24");
  for (const char* text :
       {"60 + 25 = **86**", "97 kg - 12 kg = 86 kg", "97 kg - 12 lb = 85 kg", "97 - 12 kg = 85 kg",
        "9 m x 8 m = 72 m", "40% x 61% = 24%", "40% x 60% = 0.24%"})
    EXPECT_FALSE(equation_result(text)) << text;
  for (const char* text :
       {"48 + 25 = 72", "72 = 72", "72 = 48 + 24", "48 + 24 = 73 = 72", "x = 72", "48 + 24", "= 72",
        "48 + 24 =", "48 + = 72", "48 + 24 => 72", "48 clips + 24 = 72", "-2^2 = 4", ""})
    EXPECT_FALSE(equation_result(text)) << text;
}

TEST(Arithmetic, LooksThroughMarkup) {
  for (const char* text :
       {"**3+4=8**", "3 + 4 = **8**", "So `3+4=8`.", "\\(3+4=8\\) holds", "3 \u2013 5 = 2"})
    EXPECT_EQ(false_equations(text).size(), 1U) << text;
  for (const char* text : {"**3+4=7**", "3 + 4 = **7**"})
    EXPECT_TRUE(false_equations(text).empty()) << text;
}

TEST(Arithmetic, ReadsItemsOfLists) {
  for (const char* text : {"- 3 + 4 = 7", "Thus:\n- 3 + 4 = 7\n* 3 + 4 = 7", "- 3 + 4 = 1"})
    EXPECT_EQ(false_equations(text), Texts{}) << text;
  EXPECT_EQ(false_equations("* 3 + 4 = 8\n- 3 + 4 = 8"), (Texts{"3 + 4 = 8", "- 3 + 4 = 8"}));
}

TEST(Arithmetic, KnowsPowers) {
  for (const char* text :
       {"2**3 = 8", "2 ** 3 = 8", "2^3=8", "2^3+1=9", "2^{10} = 1024", "$3^2 + 4^2 = 5^2$",
        "3\u00b2 = 9", "(1+1)^2 = 4", "2^-1 = 0.5", "4+4 = 2^3", "-2^2 = 4", "x^2 + 3 = 7",
        "5 cm\u00b2 + 3 = 9", "10^90*10 = 3"})
    EXPECT_EQ(false_equations(text), Texts{}) << text;
  EXPECT_EQ(false_equations("So 2^3 = 9."), Texts{"2^3 = 9"});
  EXPECT_EQ(false_equations("2**3 = 6, 3\u00b2=6"), (Texts{"2^3 = 6", "3^2 = 6"}));
  EXPECT_EQ(false_equations("2^{10} = 1000"), Texts{"2^10 = 1000"});
  EXPECT_EQ(false_equations("4+5 = 2^3"), Texts{"4+5 = 2^3"});
}

TEST(Arithmetic, LetsTimesOfDayStand) {
  for (const char* text :
       {"10:30 - 9 = 1:30", "10:30 - 9:15 = 1:15", "From 3:15-4:15 = 60 minutes.", "60 - 45 = 0:15",
        "9 + 2 = 11:00", "2:3+4=9"})
    EXPECT_EQ(false_equations(text), Texts{}) << text;
  EXPECT_EQ(false_equations("Total: 3+4=8"), Texts{"3+4 = 8"});
  EXPECT_EQ(false_equations("5 - 2 = 4: so"), Texts{"5 - 2 = 4"});
}

TEST(Arithmetic, DoesNotTakeADenialForAClaim) {
  for (const char* text :
       {"It is not true that 2+2=5.", "It isn\u2019t so that 2+2=5",
        "It would be wrong to say 2+2=5.", "2+2=5 is false.", "But 2+2=5, which is wrong.",
        "2+2=5 is not true", "2+2=5 does not hold", "That does not mean 2+2=5",
        "Use 2+2=4 instead of 2+2=5", "Is 2+2=5? No."})
    EXPECT_EQ(false_equations(text), Texts{}) << text;
  for (const char* text : {"This is not hard, 2+2=5.", "Not many. 2+2=5", "2+2=5 is not enough.",
                           "I do not know but 2+2=5", "2+2=5?", "2+2=5 is right and 3 is false"})
    EXPECT_EQ(false_equations(text), Texts{"2+2 = 5"}) << text;
}

TEST(Arithmetic, LetsStandWhatHolds) {
  for (const char* text : {"3 + 4 = 7",
                           "48/2 = <<48/2=24>>24",
                           "$1,200 + $300 = $1,500.",
                           "10/3 = 3.33",
                           "2/3=0.67",
                           "2/3=0.66",
                           "7-2=5-1=4",
                           "3+4=2+5",
                           "1/4 + 1/4 = 1/2",
                           "-3 + 4 = 1",
                           "3-5=-2",
                           "0.5*4=2.0",
                           "(2+3)*4 = 20 apples",
                           "3 × 4 = 12.",
                           "1. 3+4=7",
                           "So, 3+4=7, as 4+3=7.",
                           "He pays $5, 3+4=7.",
                           "10/4 = 2, remainder 2",
                           "0.1 + 0.2 = 0.30000000000000004",
                           "Ages 5\u201310 = 6"})
    EXPECT_EQ(false_equations(text), Texts{}) << text;
}

TEST(Arithmetic, PassesOverWhatIsNoEquationOfNumbers) {
  for (const char* text :
       {"x = 5", "2x + 3 = 7", "x - 3 + 4 = 7", "a-3+4=7", "20% of 50 = 12", "50*2=10%",
        "7/2 = 3 R 1", "7/2 = 3 remainder 1", "3 = 4", "=", "3+4=", "1+1 == 3", "3 + y = 9",
        "5 3+4 = 8", "1/0 = 3", "3+4 = seven", "f(3)=4", "30 minutes + 20 minutes = 40"})
    EXPECT_EQ(false_equations(text), Texts{}) << text;
}

TEST(Arithmetic, IsAStepCheckOnTheTokensOfASentence) {
  const auto layer = ProcessLayer::read(node_of("checks: [{kind: arithmetic}]"));
  ASSERT_TRUE(layer.ok()) << layer.error().message;
  Trajectory said;
  said.thoughts = {{"3+4=7.", 0, 4}, {"7*2=15.", 4, 9}};
  const Prompt prompt;
  const ProcessVerdict verdict = layer.value().judge({prompt, said}).value();
  EXPECT_EQ(verdict.value, 0.5);
  ASSERT_EQ(verdict.steps.size(), 1u);
  EXPECT_EQ(verdict.steps[0].first_token, 4);
  EXPECT_NE(verdict.steps[0].reason.find("7*2 = 15"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo
