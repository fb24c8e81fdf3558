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

TEST(MathEqual, SaysWhyAnAnswerIsNoFormula) {
  const Prompt one = prompt_with({{"answer", "1"}});
  EXPECT_EQ(judged("{kind: math_equal}", one, answer_candidate(one, "1/0")).evidence,
            "'1/0' is no formula: division by 0");
  EXPECT_EQ(judged("{kind: math_equal}", one, answer_candidate(one, "1 = 1.0")).evidence,
            "'1 = 1.0' is no formula: an equation says nothing whose sides are written alike");
  EXPECT_EQ(judged("{kind: math_equal}", one, Trajectory{}).value, 0);
}

}  // namespace
}  // namespace nelumbo
