// SPDX-License-Identifier: Apache-2.0
#include "learner/schedule.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Schedule, ClimbsLinearlyThenFollowsTheCosine) {
  const OptimizerConfig config{.lr = 1, .lr_end = 0.2, .warmup = 4};
  EXPECT_EQ(learning_rate(config, 0, 12), 0.25);
  EXPECT_EQ(learning_rate(config, 3, 12), 1);
  EXPECT_EQ(learning_rate(config, 4, 12), 1);
  EXPECT_NEAR(learning_rate(config, 8, 12), 0.6, 1e-12);
  EXPECT_GT(learning_rate(config, 11, 12), 0.2);
  EXPECT_EQ(learning_rate(config, 12, 12), 0.2);
}

TEST(Schedule, NeverRisesBehindTheWarmUp) {
  const OptimizerConfig config{.lr = 1e-3, .lr_end = 1e-5, .warmup = 7};
  for (int64_t step = 8; step < 120; ++step)
    EXPECT_LE(learning_rate(config, step, 100), learning_rate(config, step - 1, 100)) << step;
}

TEST(Schedule, StartsAtThePeakWithoutWarmUp) {
  EXPECT_EQ(learning_rate({.lr = 0.5, .warmup = 0}, 0, 10), 0.5);
}

TEST(Schedule, AWarmUpLongerThanTheStageOnlyClimbs) {
  const OptimizerConfig config{.lr = 1, .warmup = 10};
  EXPECT_EQ(learning_rate(config, 1, 2), 0.2);
}

}  // namespace
}  // namespace nelumbo
