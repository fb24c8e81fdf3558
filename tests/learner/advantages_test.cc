// SPDX-License-Identifier: Apache-2.0
#include "learner/advantages.h"

#include <cmath>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

/// An answer of two drawn tokens, an observed one between them.
Trajectory trajectory() {
  Trajectory t;
  t.tokens = {7, 8, 9};
  t.sampled = {1, 0, 1};
  t.logprobs = {-0.5F, 0, -0.25F};
  return t;
}

Outcome score(double total) {
  Outcome outcome;
  outcome.total = total;
  outcome.rule = total;
  return outcome;
}

Outcome score(double rule, double rubric) {
  Outcome outcome = score(0.75 * rule + 0.25 * rubric);
  outcome.rule = rule;
  outcome.rubric = rubric;
  outcome.has_rubric = true;
  outcome.components = {{"iou", "rule", rule, 0.75, ""}, {"words", "rubric", rubric, 0.25, ""}};
  return outcome;
}

Outcome unscored(Outcome::Kind kind) {
  Outcome outcome;
  outcome.kind = kind;
  return outcome;
}

ScoredGroup group(std::vector<Outcome> outcomes) {
  auto prompt = std::make_shared<Prompt>();
  prompt->task = "locate";
  prompt->tokens = {1, 2};
  Group answers{.id = {},
                .prompt = prompt,
                .trajectories = std::vector<Trajectory>(outcomes.size(), trajectory())};
  return {std::make_shared<Group>(std::move(answers)), std::move(outcomes)};
}

/// Advantages of the first token of each answer of one group; NaN where it is not trained.
std::vector<double> firsts(const ScoredGroup& one, AdvantageKind kind, AdvantageStats* out = {}) {
  AdvantageStats stats;
  std::vector<double> all;
  const auto groups = token_advantages({&one, 1}, kind, stats);
  for (const TokenAdvantages& a : groups[0])
    all.push_back(a ? (*a)[0] : std::nan(""));
  if (out)
    *out = stats;
  return all;
}

void expect_near(const std::vector<double>& got, const std::vector<double>& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (size_t i = 0; i < got.size(); ++i)
    EXPECT_NEAR(got[i], expected[i], 3e-6) << i;
}

TEST(Advantages, GrpoDividesByTheDeviationOverNMinusOne) {
  // mean 1/4, std = sqrt((9/16 + 3/16) / 3) = 1/2
  expect_near(firsts(group({score(1), score(0), score(0), score(0)}), AdvantageKind::kGrpo),
              {1.5, -0.5, -0.5, -0.5});
}

TEST(Advantages, DrGrpoOnlyTakesTheMeanAway) {
  expect_near(firsts(group({score(1), score(0), score(0), score(0)}), AdvantageKind::kDrGrpo),
              {0.75, -0.25, -0.25, -0.25});
}

TEST(Advantages, RlooComparesWithTheOthers) {
  expect_near(firsts(group({score(1), score(0.5), score(0)}), AdvantageKind::kRloo),
              {0.75, 0, -0.75});
}

TEST(Advantages, TwoAnswersAreEnough) {
  const double half_root = std::sqrt(0.5);
  const ScoredGroup two = group({score(0.6), score(0.2)});
  expect_near(firsts(two, AdvantageKind::kGrpo), {half_root, -half_root});
  expect_near(firsts(two, AdvantageKind::kRloo), {0.4, -0.4});
  expect_near(firsts(two, AdvantageKind::kGdpo), {half_root, -half_root});
}

TEST(Advantages, GdpoNormalisesEachComponentBeforeItAdds) {
  // Rule (1, 0, 0, 0): +1.5, -.5, -.5, -.5; rubric (.2, .2, .1, .1): +-sqrt(3)/2.
  const double q = std::sqrt(0.75);
  const std::vector<double> sums{0.75 * 1.5 + 0.25 * q, -0.375 + 0.25 * q, -0.375 - 0.25 * q,
                                 -0.375 - 0.25 * q};
  double squares = 0;
  for (const double sum : sums)
    squares += sum * sum;
  const double std = std::sqrt(squares / 3);
  const double eps_of_the_rubric = 2e-5;  // 1e-6 against a deviation of 0.058
  const std::vector<double> got = firsts(
      group({score(1, 0.2), score(0, 0.2), score(0, 0.1), score(0, 0.1)}), AdvantageKind::kGdpo);
  for (size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(got[i], sums[i] / std, eps_of_the_rubric);
}

TEST(Advantages, GdpoTellsProfilesOfEqualTotalApart) {
  // Totals are all 0.75, so GRPO sees nothing to learn.
  const ScoredGroup equal = group({score(1, 0), score(2.0 / 3, 1), score(1, 0)});
  AdvantageStats stats;
  EXPECT_TRUE(std::isnan(firsts(equal, AdvantageKind::kGrpo, &stats)[0]));
  EXPECT_EQ(stats.zero_spread, 1);
  EXPECT_GT(std::abs(firsts(equal, AdvantageKind::kGdpo)[0]), 0.1);
}

TEST(Advantages, AConstantComponentAddsNothing) {
  const std::vector<double> plain = firsts(group({score(1), score(0)}), AdvantageKind::kGdpo);
  const std::vector<double> with =
      firsts(group({score(1, 0.3), score(0, 0.3)}), AdvantageKind::kGdpo);
  expect_near(with, plain);
}

TEST(Advantages, GdpoWhitensOverTheBatch) {
  const std::vector<ScoredGroup> batch{group({score(1), score(0)}),
                                       group({score(0.2), score(0.2), score(0.1)}),
                                       group({score(0.5), score(0.5)})};
  AdvantageStats stats;
  double sum = 0, squares = 0;
  int64_t n = 0;
  for (const auto& answers : token_advantages(batch, AdvantageKind::kGdpo, stats))
    for (const TokenAdvantages& a : answers)
      if (a) {
        sum += (*a)[0];
        squares += (*a)[0] * (*a)[0];
        ++n;
      }
  EXPECT_EQ(n, 5);
  EXPECT_NEAR(sum, 0, 1e-5);
  EXPECT_NEAR(squares / 4, 1, 1e-4);
}

TEST(Advantages, GroupsWithoutSpreadAreDroppedAndCounted) {
  for (const AdvantageKind kind :
       {AdvantageKind::kGrpo, AdvantageKind::kDrGrpo, AdvantageKind::kRloo, AdvantageKind::kGdpo}) {
    AdvantageStats stats;
    // 0.1 + 0.2 differs from 0.3 by rounding only.
    const ScoredGroup alike = group({score(0.3), score(0.1 + 0.2), score(0.3)});
    EXPECT_FALSE(has_spread(alike, kind));
    EXPECT_TRUE(std::isnan(firsts(alike, kind, &stats)[0]));
    EXPECT_EQ(stats.zero_spread, 1);
    EXPECT_EQ(stats.trajectories, 0);
  }
}

TEST(Advantages, AFaultDoesNotGiveSpreadToAGroupWithoutIt) {
  Outcome faulty = score(0.5 * 0.8);
  faulty.process = 0.5;
  faulty.rule = 0.8;
  faulty.steps = {{0, 1, 0.5, "loop"}};
  const ScoredGroup alike = group({faulty, score(0.8)});
  EXPECT_FALSE(has_spread(alike, AdvantageKind::kGrpo));
  EXPECT_FALSE(has_spread(alike, AdvantageKind::kGdpo));
}

TEST(Advantages, OnlyScoresEnterTheStatistics) {
  AdvantageStats stats;
  const std::vector<double> got = firsts(group({score(1), unscored(Outcome::Kind::kInvalid),
                                                score(0), unscored(Outcome::Kind::kTimeout)}),
                                         AdvantageKind::kDrGrpo, &stats);
  EXPECT_EQ(got[0], 0.5);
  EXPECT_TRUE(std::isnan(got[1]));
  EXPECT_EQ(got[2], -0.5);
  EXPECT_TRUE(std::isnan(got[3]));
  EXPECT_EQ(stats.unscored, 2);
  EXPECT_EQ(stats.trajectories, 2);
}

TEST(Advantages, AGroupWithOneScoreIsDropped) {
  AdvantageStats stats;
  const ScoredGroup one = group({score(1), unscored(Outcome::Kind::kInfraError)});
  EXPECT_TRUE(std::isnan(firsts(one, AdvantageKind::kGrpo, &stats)[0]));
  EXPECT_EQ(stats.too_few, 1);
  EXPECT_EQ(stats.zero_spread, 0);
}

TEST(Advantages, TheProcessFactorScalesTheReturnOfItsStepOnly) {
  Outcome faulty = score(0.5 * 1);
  faulty.rule = 1;
  faulty.process = 0.5;
  faulty.steps = {{0, 1, 0.5, "loop"}};
  const ScoredGroup one = group({faulty, score(0), score(0), score(0)});
  AdvantageStats stats;
  const auto grpo = token_advantages({&one, 1}, AdvantageKind::kGrpo, stats)[0];
  // Unpenalised mean 1/4 and deviation 1/2 hold for everyone.
  EXPECT_NEAR((*grpo[0])[0], (0.5 * 1 - 0.25) / 0.5, 3e-6);
  EXPECT_NEAR((*grpo[0])[2], 1.5, 3e-6);
  EXPECT_NEAR((*grpo[1])[0], -0.5, 3e-6);
  const auto rloo = token_advantages({&one, 1}, AdvantageKind::kRloo, stats)[0];
  EXPECT_NEAR((*rloo[0])[0], 0.5, 1e-6);
  EXPECT_NEAR((*rloo[1])[0], -1.0 / 3, 1e-6);
}

TEST(Advantages, AFaultNeverRewardsAWrongAnswer) {
  Outcome wrong = score(-0.5);
  wrong.steps = {{0, 1, 0.1, "loop"}};
  const ScoredGroup one = group({wrong, score(1)});
  AdvantageStats stats;
  const auto a = token_advantages({&one, 1}, AdvantageKind::kGrpo, stats)[0];
  EXPECT_EQ((*a[0])[0], (*a[0])[2]);
}

TEST(Advantages, GdpoScalesEachComponentAgainstItsRawStatistics) {
  Outcome faulty = score(1, 0.5);
  faulty.process = 0.5;
  faulty.steps = {{0, 1, 0.5, "loop"}};
  const ScoredGroup one = group({faulty, score(0, 0.5)});
  AdvantageStats stats;
  const auto a = token_advantages({&one, 1}, AdvantageKind::kGdpo, stats)[0];
  // The rubric is alike in both answers: scaled by 0.5 it must not divide by a deviation of 0.
  EXPECT_NEAR((*a[0])[0], 0, 1e-5);
  EXPECT_NEAR((*a[0])[2], std::sqrt(0.5), 1e-5);
}

TEST(Advantages, ExtremesAreCutAndCounted) {
  // Returns 1, 1, ..., 0.98: a step at 0.1 is nine hundred deviations below them.
  Outcome faulty = score(0.1);
  faulty.rule = 1;
  faulty.process = 0.1;
  faulty.steps = {{0, 1, 0.1, "loop"}};
  AdvantageStats stats;
  const std::vector<double> got =
      firsts(group({faulty, score(1), score(1), score(0.98)}), AdvantageKind::kGrpo, &stats);
  EXPECT_EQ(got[0], -kAdvantageLimit);
  EXPECT_EQ(stats.clipped, 1);
  EXPECT_NEAR(stats.abs_max, 0.895 / 0.01, 0.1);
}

TEST(Advantages, TrainingGroupsHoldWhatWasDrawn) {
  const std::vector<ScoredGroup> batch{
      group({score(0.5), score(0.5)}),
      group({score(1), unscored(Outcome::Kind::kInvalid), score(0)})};
  RlConfig config;
  config.advantage = "dr_grpo";
  AdvantageStats stats;
  const std::vector<TrainingGroup> groups = policy_training_groups(batch, config, stats);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].prefix, (std::vector<int32_t>{1, 2}));
  ASSERT_EQ(groups[0].items.size(), 2U);
  const TrainingItem& item = groups[0].items[1];
  EXPECT_EQ(item.task, "locate");
  EXPECT_EQ(item.tokens, trajectory().tokens);
  EXPECT_EQ(item.trained, trajectory().sampled);
  EXPECT_EQ(item.old_logprobs, trajectory().logprobs);
  EXPECT_EQ(item.advantages, (std::vector<float>{-0.5F, 0, -0.5F}));
  EXPECT_EQ(item.weight, 1);
}

/// An answer with one step of its first token, in a specification whose process layer has a
/// quarter.
Outcome stepped(double rule, double score_of_step, StepCredit credit) {
  Outcome outcome = score(0.75 * rule + 0.25 * score_of_step);
  outcome.rule = rule;
  outcome.credit = credit;
  outcome.process = score_of_step;
  outcome.components = {{"number", "rule", rule, 0.75, ""},
                        {"steps", "process", score_of_step, 0.25, ""}};
  outcome.steps = {{0, 1, score_of_step, "arithmetic"}};
  return outcome;
}

TEST(Advantages, AProcessLayerInTheFormSumIsOneMoreReturn) {
  const ScoredGroup one =
      group({stepped(1, 1, StepCredit::kSum), stepped(0, 0.2, StepCredit::kSum)});
  expect_near(firsts(one, AdvantageKind::kDrGrpo), {0.475, -0.475});  // totals 1 and 0.05
  AdvantageStats stats;
  const auto a = token_advantages({&one, 1}, AdvantageKind::kDrGrpo, stats)[0];
  EXPECT_EQ((*a[0])[0], (*a[0])[2]);
  const ScoredGroup alike =
      group({stepped(1, 1, StepCredit::kSum), stepped(1, 0.2, StepCredit::kSum)});
  EXPECT_TRUE(has_spread(alike, AdvantageKind::kGdpo));
}

TEST(Advantages, StepsTrainTheirTokensInTheFormToken) {
  const ScoredGroup one =
      group({stepped(1, 1, StepCredit::kToken), stepped(0, 0.2, StepCredit::kToken)});
  AdvantageStats stats;
  const auto a = token_advantages({&one, 1}, AdvantageKind::kDrGrpo, stats)[0];
  // The outcome without the layer: 0.75 and 0, mean 0.375. Steps: 1 and 0.2, mean 0.6.
  EXPECT_NEAR((*a[0])[0], 0.375 + 0.25 * 0.4, 1e-6);
  EXPECT_NEAR((*a[0])[2], 0.375, 1e-6);
  EXPECT_EQ((*a[0])[1], 0);  // observed
  EXPECT_NEAR((*a[1])[0], -0.375 - 0.25 * 0.4, 1e-6);
}

TEST(Advantages, StepsAloneAreSpreadEnough) {
  const ScoredGroup one =
      group({stepped(1, 1, StepCredit::kToken), stepped(1, 0.2, StepCredit::kToken)});
  for (const AdvantageKind kind :
       {AdvantageKind::kGrpo, AdvantageKind::kDrGrpo, AdvantageKind::kRloo, AdvantageKind::kGdpo}) {
    EXPECT_TRUE(has_spread(one, kind));
    AdvantageStats stats;
    const auto a = token_advantages({&one, 1}, kind, stats)[0];
    EXPECT_EQ(stats.zero_spread, 0);
    EXPECT_GT((*a[0])[0], 0.05);
    EXPECT_LT((*a[1])[0], -0.05);
    EXPECT_EQ((*a[0])[2], 0);
  }
}

}  // namespace
}  // namespace nelumbo
