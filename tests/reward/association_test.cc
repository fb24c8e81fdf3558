// SPDX-License-Identifier: Apache-2.0
#include "reward/association.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace nelumbo {
namespace {

TEST(Association, IsTheCorrelationWithinStrata) {
  Association association;
  // Deviations x: -1 0 1, y: -1 1 0; then x: -1 1, y: 2 -2. A plain correlation of all five would
  // see the strata's means instead.
  association.add(std::vector<double>{1, 2, 3}, std::vector<double>{10, 12, 11});
  association.add(std::vector<double>{100, 102}, std::vector<double>{4, 0});
  // S_xy = 1 - 4 = -3, S_xx = 2 + 2 = 4, S_yy = 2 + 8 = 10; variance 2*2/2 + 2*8/1 = 18.
  EXPECT_DOUBLE_EQ(association.r(), -3 / std::sqrt(40.0));
  EXPECT_DOUBLE_EQ(association.slope(), -0.75);
  EXPECT_DOUBLE_EQ(association.z(), -3 / std::sqrt(18.0));
  EXPECT_EQ(association.answers(), 5);
}

TEST(Association, SaysNothingWhereNothingVaries) {
  Association association;
  association.add(std::vector<double>{1}, std::vector<double>{1});
  association.add(std::vector<double>{2, 2}, std::vector<double>{1, 5});
  EXPECT_EQ(association.r(), 0);
  EXPECT_EQ(association.slope(), 0);
  EXPECT_EQ(association.z(), 0);
  EXPECT_EQ(association.answers(), 2);
}

/// Of numbers that have nothing to do with each other z has variance 1, skewed as they may be.
TEST(Association, HasAScoreOfUnitVarianceByChance) {
  double squares = 0;
  constexpr int kRuns = 400;
  for (uint32_t run = 0; run < kRuns; ++run) {
    Random random(7, Purpose::kControl, run, 0);
    Association association;
    for (int stratum = 0; stratum < 40; ++stratum) {
      std::vector<double> x, y;
      for (int64_t i = 0; i < 2 + random.below(6); ++i) {
        x.push_back(random.uniform() < 0.2 ? 1 : 0);
        y.push_back(std::exp(2 * random.normal()));
      }
      y.resize(x.size());
      association.add(x, y);
    }
    squares += association.z() * association.z();
  }
  EXPECT_NEAR(squares / kRuns, 1, 0.25);
}

}  // namespace
}  // namespace nelumbo
