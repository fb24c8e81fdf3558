// SPDX-License-Identifier: Apache-2.0
#include "reward/outcome_bounds.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

Outcome fair() {
  Outcome outcome;
  outcome.total = 0.8;
  outcome.rule = 0.75;
  outcome.shaping = -0.05;
  outcome.components = {{"count", "rule", 0.8, 1, "", 0}, {"overlong", "shaping", -0.05, 1, "", 0}};
  return outcome;
}

TEST(OutcomeBounds, HoldForWhatSpecificationsGive) {
  EXPECT_EQ(beyond_bounds(fair()), std::nullopt);
  EXPECT_EQ(beyond_bounds({}), std::nullopt);
  Outcome best = fair();
  best.total = best.rule = 1.05;
  best.shaping = 0.05;
  EXPECT_EQ(beyond_bounds(best), std::nullopt);
  Outcome gated = fair();
  gated.gate = "several_answers";
  gated.total = gated.rule = gated.process = -1;
  gated.components.push_back({"several_answers", "gate", -1, 0, "", 0});
  EXPECT_EQ(beyond_bounds(gated), std::nullopt);
}

TEST(OutcomeBounds, WidenWithPointsForFaults) {
  Outcome faulty = fair();
  faulty.has_rubric = true;
  faulty.total = faulty.rubric = -3;
  EXPECT_EQ(beyond_bounds(faulty), "'total' is -3, and none gives less than -1.15");
  faulty.components.push_back({"names a dose", "rubric", -3, 0, "", 0});
  EXPECT_EQ(beyond_bounds(faulty), std::nullopt);
}

TEST(OutcomeBounds, NameTheNumberBeyondThem) {
  const auto with = [](double Outcome::*part, double value) {
    Outcome outcome = fair();
    outcome.*part = value;
    return beyond_bounds(outcome).value_or("");
  };
  EXPECT_EQ(with(&Outcome::total, 1e300), "'total' is 1e+300, and none gives more than 1.05");
  EXPECT_EQ(with(&Outcome::total, 1.06), "'total' is 1.06, and none gives more than 1.05");
  EXPECT_EQ(with(&Outcome::rule, -2), "'rule' is -2, and none gives less than -1.15");
  EXPECT_EQ(with(&Outcome::rubric, 2), "'rubric' is 2, and none gives more than 1");
  EXPECT_EQ(with(&Outcome::process, 1.5), "'process' is 1.5, and none gives more than 1");
  EXPECT_EQ(with(&Outcome::shaping, 0.2), "'shaping' is 0.2, and none gives more than 0.05");
  Outcome part = fair();
  part.components[0].value = 7;
  EXPECT_EQ(beyond_bounds(part), "the value of 'count' is 7, and none lies beyond -1e+12 and 1");
  part.components[0].value = -1e300;
  EXPECT_NE(beyond_bounds(part), std::nullopt);
}

}  // namespace
}  // namespace nelumbo
