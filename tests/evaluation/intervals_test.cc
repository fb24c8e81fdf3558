// SPDX-License-Identifier: Apache-2.0
#include "evaluation/intervals.h"

#include <gtest/gtest.h>

#include "base/rng.h"

namespace nelumbo {
namespace {

TEST(Intervals, AreTheSameForTheSameSeed) {
  const std::vector<double> values = {0, 1, 1, 0, 1, 0.5, 0.25};
  const Interval a = mean_interval(values, {.seed = 3, .resamples = 500});
  const Interval b = mean_interval(values, {.seed = 3, .resamples = 500});
  const Interval c = mean_interval(values, {.seed = 4, .resamples = 500});
  EXPECT_EQ(a.low, b.low);
  EXPECT_EQ(a.high, b.high);
  EXPECT_TRUE(a.low != c.low || a.high != c.high);
  EXPECT_DOUBLE_EQ(a.mean, 3.75 / 7);
}

TEST(Intervals, HaveNoWidthWhereNothingVaries) {
  const std::vector<double> values(10, 0.3);
  const Interval interval = mean_interval(values, {});
  EXPECT_NEAR(interval.low, 0.3, 1e-12);
  EXPECT_NEAR(interval.high, 0.3, 1e-12);
}

TEST(Intervals, MatchTheNormalApproximationOnManyValues) {
  // 400 values, half 0 and half 1: standard error 0.025, so 0.5 -+ 0.049.
  std::vector<double> values(400);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = i % 2 == 0 ? 1 : 0;
  const Interval interval = mean_interval(values, {.seed = 1, .resamples = 4000});
  EXPECT_NEAR(interval.low, 0.451, 0.006);
  EXPECT_NEAR(interval.high, 0.549, 0.006);
}

TEST(Intervals, CoverTheTrueMeanAboutNineteenTimesInTwenty) {
  int covered = 0;
  constexpr int kTrials = 400;
  for (int trial = 0; trial < kTrials; ++trial) {
    Random random(11, Purpose::kControl, static_cast<uint64_t>(trial));
    std::vector<double> values(50);
    for (double& value : values)
      value = random.normal();
    const Interval interval = mean_interval(values, {.seed = 5, .resamples = 300});
    covered += interval.low <= 0 && interval.high >= 0 ? 1 : 0;
  }
  EXPECT_GT(covered, kTrials * 0.90);
  EXPECT_LT(covered, kTrials * 0.98);
}

TEST(Intervals, MeanOfMeansWeighsStrataAlike) {
  const std::vector<std::vector<double>> strata = {{1, 1, 1, 1, 1, 1}, {0, 0}};
  const Interval interval = mean_of_means_interval(strata, {});
  EXPECT_DOUBLE_EQ(interval.mean, 0.5);
  EXPECT_DOUBLE_EQ(interval.low, 0.5);
  EXPECT_DOUBLE_EQ(interval.high, 0.5);
}

TEST(IntervalsDeathTest, NeedValues) {
  EXPECT_DEATH((void)mean_interval({}, {}), "an interval needs values");
}

}  // namespace
}  // namespace nelumbo
