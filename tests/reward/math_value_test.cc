// SPDX-License-Identifier: Apache-2.0
#include "reward/math_value.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

bool same(std::string_view truth, std::string_view answer, const MathRules& rules = {}) {
  const auto right = read_math(truth);
  const auto said = read_math(answer);
  return right && said && same_math(right.value(), said.value(), rules);
}

TEST(MathValues, AddUnitsThatGetSmaller) {
  EXPECT_TRUE(same("5 ft 3 in", "63 in", {}));
  EXPECT_FALSE(same("5 feet 3 inches", "8", {})) << "5 and 3 are of different units";
  for (const char* text :
       {"in 7 feet", "90 minutes 5 minutes", "3 inches 5 feet", "5 kg 3 m", "hour 0", "5 feet 3"})
    EXPECT_FALSE(read_math(text)) << text;
}

TEST(MathValues, AreEqualInWhateverForm) {
  EXPECT_TRUE(same("\\frac{x^2-1}{x-1}", "x+1"));
  EXPECT_TRUE(same("\\frac{1}{\\sqrt{2}}", "\\frac{\\sqrt{2}}{2}"));
  EXPECT_TRUE(same("1,2", "x=2 or x=1"));
  EXPECT_TRUE(same("x<5", "(-\\infty,5)"));
  EXPECT_FALSE(same("\\pi", "3.14159"));
}

TEST(MathValues, KeepOrderWhereItMatters) {
  EXPECT_FALSE(same("(1,2)", "(2,1)"));
  EXPECT_TRUE(same("\\{1,2\\}", "\\{2,1\\}"));
  EXPECT_FALSE(same("[1,2)", "(1,2)"));
}

TEST(MathValues, KeepTheOrderOfUnknownsThatAreNotNamed) {
  for (const char* truth : {"x=3, y=2", "x=3 and y=2", "(x,y)=(3,2)", "\\{x=3, y=2\\}"}) {
    for (const char* answer :
         {"3, 2", "3 and 2", "(3,2)", "\\{3,2\\}", "(x,y)=(3,2)", "(y,x)=(2,3)", "y=2, x=3",
          "x=3, y=2", "x=3 and y=2", "x=6/2, y=\\sqrt{4}"})
      EXPECT_TRUE(same(truth, answer)) << truth << " | " << answer;
    for (const char* answer : {"2, 3", "2 and 3", "(2,3)", "\\{2,3\\}", "x=2, y=3", "(x,y)=(2,3)",
                               "3", "2", "x=3", "3, 2, 2", "[3,2]", "3, y=3"})
      EXPECT_FALSE(same(truth, answer)) << truth << " | " << answer;
  }
  EXPECT_TRUE(same("x=3 or x=2", "2, 3")) << "two values of one unknown";
  EXPECT_TRUE(same("x=3 or x=2", "x=2 or x=3"));
}

TEST(MathValues, AreUnionsInWhateverForm) {
  const char* const truth = "(-\\infty,1)\\cup(2,\\infty)";
  for (const char* answer :
       {"x<1 or x>2", "x > 2 or x < 1", "x<1 \\text{ or } x>2", "x<1, \\text{ or } x>2",
        "(-inf,1) U (2,inf)", "(-inf, 1) union (2, inf)", "(-∞,1) ∪ (2,∞)", "\\{x | x<1 or x>2\\}",
        "x \\in (2,\\infty)\\cup(-\\infty,1)"}) {
    EXPECT_TRUE(same(truth, answer)) << answer;
    EXPECT_TRUE(same(answer, truth)) << answer;
  }
  for (const char* answer : {"x<1 and x>2", "x<1, x>2", "x<1 or y>2", "x≤1 or x>2", "x<2 or x>1",
                             "x<1", "(-inf,1) (2,inf)", "(-inf,1), (2,inf)", "(-inf,1] U (2,inf)",
                             "x<1 or x>2 or x>3", "x<1 and x>0 or x>2", "x<1 or x>2, x>3"})
    EXPECT_FALSE(same(truth, answer)) << answer;
  EXPECT_TRUE(same("[0,1)\\cup(2,3)\\cup(5,\\infty)", "0<=x<1 or 2<x<3 or 5<x"));
  EXPECT_TRUE(same("(a+b)U(c)", "U(a+b)c")) << "a symbol";
  EXPECT_TRUE(same("x=3 or x=2", "\\{2,3\\}"));
}

TEST(MathValues, AreSetsByACondition) {
  for (const char* answer :
       {"\\{x | x>2\\}", "\\{x \\mid x>2\\}", "\\{x : x>2\\}", "{x | x > 2}", "\\{t | t>2\\}",
        "\\{x \\in \\mathbb{R} | x>2\\}", "\\left\\{x \\mid 2<x\\right\\}"})
    EXPECT_TRUE(same("(2,\\infty)", answer)) << answer;
  for (const char* answer :
       {"\\{x | x>3\\}", "\\{x | x≥2\\}", "\\{x | y>2\\}", "\\{x | x>2, x<5\\}",
        "\\{x \\in Z | x>2\\}", "\\{x | 2\\}", "\\{x | x>2", "\\{2 | x>2\\}"})
    EXPECT_FALSE(same("(2,\\infty)", answer)) << answer;
  EXPECT_TRUE(same("\\emptyset", "∅"));
  EXPECT_FALSE(same("\\emptyset", "0"));
}

TEST(MathValues, MayBeNearWhereThatIsAskedFor) {
  EXPECT_TRUE(same("\\pi", "3.14", {.relative = 0.001}));
  EXPECT_FALSE(same("\\pi", "3.1", {.relative = 0.001}));
  EXPECT_FALSE(same("x", "x+0.0001", {.relative = 0.001}));
}

TEST(MathValues, CompareUnitsAndPercentAsTheRulesSay) {
  EXPECT_TRUE(same("5 cm", "5"));
  EXPECT_FALSE(same("5 cm", "5", {.units_may_lack = false}));
  EXPECT_TRUE(same("\\pi/2", "\\pi/2 \\text{ radians}"));
  EXPECT_FALSE(same("90^\\circ", "90 \\text{ radians}"));
  EXPECT_TRUE(same("50\\%", "50"));
  EXPECT_FALSE(same("50\\%", "50", {.percent_as_face = false}));
  EXPECT_TRUE(same("50\\%", "0.5", {.percent_as_face = false}));
}

TEST(MathValues, TakeBoundedTimeWhateverIsWritten) {
  std::string power = "(a+b+c+d)";
  for (int i = 0; i < 25; ++i)
    power += "^9";
  EXPECT_FALSE(read_math(power));
  std::string sums = "1";
  for (int i = 0; i < 90; ++i)
    sums += "+(1+x)^64/(1+y)";
  EXPECT_FALSE(read_math(sums));
  EXPECT_FALSE(read_math(std::string(500, '(')));
  EXPECT_FALSE(read_math("9999999999^{9999999999}"));
}

}  // namespace
}  // namespace nelumbo
