// SPDX-License-Identifier: Apache-2.0
#include "learner/credit.h"

#include <cmath>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

StepFactor step(int64_t first, int64_t last, double factor) {
  return {.first_token = first, .last_token = last, .factor = factor, .reason = "test"};
}

TEST(Credit, TokensOutsideEveryStepKeepTheirReturn) {
  EXPECT_EQ(step_factors({step(1, 3, 0.5)}, 5), (std::vector<double>{1, 0.5, 0.5, 1, 1}));
}

TEST(Credit, TheSmallestOfOverlappingFactorsCounts) {
  EXPECT_EQ(step_factors({step(0, 3, 0.8), step(2, 4, 0.1), step(2, 3, 0.9)}, 4),
            (std::vector<double>{0.8, 0.8, 0.1, 0.1}));
}

TEST(Credit, AStepMayReachBehindTheLastToken) {
  EXPECT_EQ(step_factors({step(1, 9, 0.5)}, 2), (std::vector<double>{1, 0.5}));
}

TEST(Credit, NegativeReturnsAreLeftAlone) {
  EXPECT_EQ(penalised(0.8, 0.5), 0.4);
  EXPECT_EQ(penalised(-0.8, 0.1), -0.8);
}

TEST(Credit, TheReturnUndoesTheFactorButNotTheShaping) {
  Outcome outcome;
  outcome.process = 0.5;
  outcome.shaping = -0.1;
  outcome.total = 0.9 * 0.5 - 0.1;
  EXPECT_NEAR(outcome_return(outcome, 0), 0.8, 1e-15);
}

TEST(Credit, WhatPointsMakeNegativeWasNotScaled) {
  Outcome outcome;
  outcome.process = 0.1;
  outcome.shaping = 0.01;
  outcome.total = -0.5 + 0.01;
  EXPECT_NEAR(outcome_return(outcome, 0), -0.49, 1e-15);
}

TEST(Credit, AGatesValueIsNoScaledReturn) {
  Outcome outcome;
  outcome.gate = "unsafe";
  outcome.process = 0.5;
  outcome.total = -1;
  EXPECT_EQ(outcome_return(outcome, 0), -1);
}

TEST(Credit, ALayerWithAWeightIsTakenOutWhereItTrainsByToken) {
  Outcome outcome;
  outcome.process = 0.5;
  outcome.total = 0.8 + 0.2 * 0.5;
  outcome.credit = StepCredit::kSum;
  EXPECT_EQ(outcome_return(outcome, 0.2), outcome.total);
  for (const StepCredit credit : {StepCredit::kMin, StepCredit::kToken}) {
    outcome.credit = credit;
    EXPECT_NEAR(outcome_return(outcome, 0.2), 0.8, 1e-15);
  }
  outcome.gate = "unsafe";
  EXPECT_EQ(outcome_return(outcome, 0.2), outcome.total);
}

/// Two answers of five tokens, the third of which was observed: the first has steps [0, 2) and
/// [2, 4), the second one of the whole.
class StepAdvantages : public testing::Test {
 protected:
  std::vector<std::vector<double>> of(StepCredit credit, bool divide = true) const {
    const std::vector<SteppedAnswer> answers{{first_, sampled_}, {second_, sampled_}};
    EXPECT_TRUE(steps_spread(answers));
    return step_advantages(answers, credit, divide);
  }

  std::vector<StepFactor> first_{step(0, 2, 1), step(2, 4, 0.1)}, second_{step(0, 5, 1)};
  std::vector<uint8_t> sampled_{1, 1, 0, 1, 1};
};

TEST_F(StepAdvantages, OfTokenAreWhatTheStepsThatFollowEarn) {
  // Scores 1, 0.1, 1: mean 0.7, deviations 0.3, -0.6, 0.3.
  const auto plain = of(StepCredit::kToken, false);
  const std::vector<double> first{-0.3, -0.3, -0.6, -0.6, 0}, second{0.3, 0.3, 0.3, 0.3, 0.3};
  for (size_t t = 0; t < 5; ++t) {
    EXPECT_NEAR(plain[0][t], first[t], 1e-12) << t;
    EXPECT_NEAR(plain[1][t], second[t], 1e-12) << t;
  }
  // Their standard deviation over n - 1 is sqrt(0.54 / 2).
  const auto divided = of(StepCredit::kToken, true);
  EXPECT_NEAR(divided[0][0], -0.3 / (std::sqrt(0.27) + 1e-6), 1e-12);
}

TEST_F(StepAdvantages, OfMinAreNearlyTheLowestScoreThatFollows) {
  // Softmax of -s / 0.1 over (1, 0.1): the weights are e^-9 and 1, divided by their sum.
  const double w = std::exp(-9.0), sum = w + 1;
  const double v0 = w / sum, v1 = 0.1 / sum;
  // The other answer earns 1 over 4 sampled tokens; these two over 2 + 1.
  const double b = 1.0 / 4, other = (v0 + v1) / 3;
  const auto min = of(StepCredit::kMin);
  EXPECT_NEAR(min[0][0], v0 - 2 * b + v1 - b, 1e-12);
  EXPECT_NEAR(min[0][3], v1 - b, 1e-12);
  EXPECT_EQ(min[0][4], 0);
  EXPECT_NEAR(min[1][0], 1 - 4 * other, 1e-12);
  EXPECT_NEAR(v0 + v1, 0.1, 2e-4);  // nearly the minimum
}

TEST_F(StepAdvantages, NeedScoresThatDiffer) {
  const std::vector<StepFactor> half{step(0, 2, 0.5), step(2, 4, 0.5)};
  const std::vector<SteppedAnswer> alike{{half, sampled_}, {{half.data(), 1}, sampled_}};
  EXPECT_FALSE(steps_spread(alike));
  const std::vector<SteppedAnswer> one{{{first_.data(), 1}, sampled_}};
  EXPECT_FALSE(steps_spread(one));
  EXPECT_FALSE(steps_spread({}));
}

TEST_F(StepAdvantages, OfAnAnswerWithoutStepsAreNothing) {
  const std::vector<SteppedAnswer> answers{{first_, sampled_}, {{}, sampled_}};
  for (const StepCredit credit : {StepCredit::kMin, StepCredit::kToken})
    EXPECT_EQ(step_advantages(answers, credit, true)[1], std::vector<double>(5, 0.0));
}

}  // namespace
}  // namespace nelumbo
