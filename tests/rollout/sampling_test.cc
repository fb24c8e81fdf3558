// SPDX-License-Identifier: Apache-2.0
#include "rollout/sampling.h"

#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(DrawToken, IsTheInverseOfTheCumulativeDistribution) {
  const std::vector<float> logits = {std::log(0.5F), std::log(0.3F), std::log(0.2F)};
  EXPECT_EQ(draw_token(logits, 1, 0.0), 0);
  EXPECT_EQ(draw_token(logits, 1, 0.49), 0);
  EXPECT_EQ(draw_token(logits, 1, 0.51), 1);
  EXPECT_EQ(draw_token(logits, 1, 0.79), 1);
  EXPECT_EQ(draw_token(logits, 1, 0.81), 2);
  EXPECT_EQ(draw_token(logits, 1, 0.999999), 2);
}

TEST(DrawToken, TemperatureSharpens) {
  const std::vector<float> logits = {std::log(0.5F), std::log(0.3F), std::log(0.2F)};
  // At T = 0.5 probabilities go with p^2: 25, 9, 4 of 38.
  EXPECT_EQ(draw_token(logits, 0.5, 24.9 / 38), 0);
  EXPECT_EQ(draw_token(logits, 0.5, 25.1 / 38), 1);
}

TEST(DrawToken, GreedyTakesTheLowestIdOnTies) {
  EXPECT_EQ(draw_token(std::vector<float>{0, 2, 2, 1}, 0, 0.9), 1);
}

TEST(DrawNumber, DependsOnEveryPartOfItsName) {
  const double u = draw_number(1, "val/a", 0, 0);
  EXPECT_EQ(u, draw_number(1, "val/a", 0, 0));
  EXPECT_NE(u, draw_number(2, "val/a", 0, 0));
  EXPECT_NE(u, draw_number(1, "val/b", 0, 0));
  EXPECT_NE(u, draw_number(1, "val/a", 1, 0));
  EXPECT_NE(u, draw_number(1, "val/a", 0, 1));
}

TEST(DrawNumber, FollowsTheProbabilities) {
  const std::vector<float> logits = {std::log(0.5F), std::log(0.3F), std::log(0.2F)};
  std::array<int, 3> counts{};
  for (int i = 0; i < 6000; ++i)
    ++counts[static_cast<size_t>(draw_token(logits, 1, draw_number(9, "p", i / 100, i % 100)))];
  EXPECT_NEAR(counts[0], 3000, 200);  // five standard deviations
  EXPECT_NEAR(counts[1], 1800, 180);
  EXPECT_NEAR(counts[2], 1200, 160);
}

}  // namespace
}  // namespace nelumbo
