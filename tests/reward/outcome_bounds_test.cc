// SPDX-License-Identifier: Apache-2.0
#include "reward/outcome_bounds.h"

#include <gtest/gtest.h>

#include "reward/scorer.h"
#include "tests/support/reward_dice.h"

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
  Outcome gated = faulty;
  faulty.components.push_back({"names a dose", "rubric", -3, 0, "", 0});
  EXPECT_EQ(beyond_bounds(faulty), std::nullopt);
  gated.gate = "several_answers";
  gated.total = -0.75;  // a quarter of the worst rubric
  gated.components.push_back({"several_answers", "gate", -0.75, 0, "", 0});
  EXPECT_EQ(beyond_bounds(gated), std::nullopt);
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
  part.gate = "planted";
  EXPECT_EQ(beyond_bounds(part), "'gate' is 'planted', and the component of that layer ''");
  part = fair();
  part.components[0].value = 7;
  EXPECT_EQ(beyond_bounds(part), "the value of 'count' is 7, and none lies beyond -1e+12 and 1");
  part.components[0].value = -1e300;
  EXPECT_NE(beyond_bounds(part), std::nullopt);
  EXPECT_EQ(with(&Outcome::process, -0.5), "'process' is -0.5, and none gives less than 0");
  const auto with_part = [](Component component) {
    Outcome outcome = fair();
    outcome.components.push_back(std::move(component));
    return beyond_bounds(outcome).value_or("");
  };
  EXPECT_EQ(with_part({"loop", "process", -0.1, 0, "", 0}),
            "the value of 'loop' is -0.1, and none lies beyond 0 and 1");
  EXPECT_EQ(with_part({"exact", "rule", 1, -1, "", 0}),
            "the weight of 'exact' is -1, and none lies beyond 0 and 1");
  EXPECT_EQ(with_part({"exact", "rule", 1, 2, "", 0}),
            "the weight of 'exact' is 2, and none lies beyond 0 and 1");
  EXPECT_EQ(with_part({"exact", "rules", 1, 0, "", 0}),
            "the layer of 'exact' is 'rules', and there is none");
}

/// Of random specifications that are sound; see tests/e2e/reward_properties_test.cc.
TEST(OutcomeBounds, HoldForAllThatRandomSpecificationsGive) {
  int64_t scores = 0, stopped = 0, negative = 0;
  for (uint64_t seed = 0; seed < 500; ++seed) {
    Dice dice(seed);
    std::optional<double> gate_value;
    if (dice.chance(0.5))
      gate_value = dice.between(-1, 0);
    const auto node = SpecNode::parse(spec_text(dice, gate_value), "any.yaml");
    ASSERT_TRUE(node.ok());
    const std::vector<std::string> judges = {"grader"};
    const auto spec = TaskSpec::read("any", node.value(), judges);
    if (!spec)
      continue;
    Group group;
    group.prompt = any_prompt();
    for (int i = 0; i < 10; ++i)
      group.trajectories.push_back(any_answer(dice, *group.prompt));
    std::vector<NamedJudge> panel;
    panel.push_back(named("grader", any_mind(seed)));
    for (const Outcome& outcome : score_group(
             spec.value(), group, [] { return 0.0; }, JudgePanel(std::move(panel)))) {
      if (outcome.kind != Outcome::Kind::kScore)
        continue;
      EXPECT_EQ(beyond_bounds(outcome), std::nullopt) << "specification " << seed;
      ++scores;
      stopped += outcome.gate.empty() ? 0 : 1;
      negative += outcome.rubric < -1 ? 1 : 0;
    }
  }
  EXPECT_GT(scores, 1000);
  EXPECT_GT(stopped, 100);
  EXPECT_GT(negative, 10);
}

}  // namespace
}  // namespace nelumbo
