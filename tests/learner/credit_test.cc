// SPDX-License-Identifier: Apache-2.0
#include "learner/credit.h"

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

TEST(Credit, UnpenalisedTotalUndoesTheFactorButNotTheShaping) {
  Outcome outcome;
  outcome.process = 0.5;
  outcome.shaping = -0.1;
  outcome.total = 0.9 * 0.5 - 0.1;
  EXPECT_NEAR(unpenalised_total(outcome), 0.8, 1e-15);
}

TEST(Credit, WhatPointsMakeNegativeWasNotScaled) {
  Outcome outcome;
  outcome.process = 0.1;
  outcome.shaping = 0.01;
  outcome.total = -0.5 + 0.01;
  EXPECT_NEAR(unpenalised_total(outcome), -0.49, 1e-15);
}

TEST(Credit, AGatesValueIsNoScaledReturn) {
  Outcome outcome;
  outcome.gate = "unsafe";
  outcome.process = 0.5;
  outcome.total = -1;
  EXPECT_EQ(unpenalised_total(outcome), -1);
}

}  // namespace
}  // namespace nelumbo
