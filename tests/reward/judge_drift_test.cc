// SPDX-License-Identifier: Apache-2.0
#include "reward/judge_drift.h"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using Alarm = JudgeDrift::State::Alarm;

TEST(JudgeDrift, CorrelatesRanks) {
  const auto rho = [](const std::vector<double>& a, const std::vector<double>& b) {
    return spearman(a, b);
  };
  EXPECT_DOUBLE_EQ(*rho({1, 2, 3}, {10, 20, 1000}), 1);
  EXPECT_DOUBLE_EQ(*rho({1, 2, 3}, {3, 2, 1}), -1);
  // Ranks 0 1 2 3 4 against 1 0 3 2 4: 1 - 6 * 4 / (5 * 24)
  EXPECT_DOUBLE_EQ(*rho({1, 2, 3, 4, 5}, {2, 1, 4, 3, 5}), 0.8);
  // Ranks 0.5 0.5 2 against 0 1 2: cov 1.5, variances 1.5 and 2
  EXPECT_NEAR(*rho({1, 1, 2}, {1, 2, 3}), 1.5 / std::sqrt(3.0), 1e-12);
  EXPECT_FALSE(rho({1, 1, 1}, {1, 2, 3}).has_value());
  EXPECT_FALSE(rho({1}, {1}).has_value());
}

TEST(JudgeDrift, HoldsOutAKeyedShare) {
  int64_t held = 0, other_seed = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::string key = "answer " + std::to_string(i);
    held += is_held_out(key, 7, 0.05) ? 1 : 0;
    other_seed += is_held_out(key, 7, 0.05) && is_held_out(key, 8, 0.05) ? 1 : 0;
    EXPECT_EQ(is_held_out(key, 7, 0.05), is_held_out(key, 7, 0.05));
    EXPECT_TRUE(is_held_out(key, 7, 1));
  }
  EXPECT_NEAR(static_cast<double>(held), 1000, 100);  // three deviations of a binomial are 92
  EXPECT_LT(other_seed, 100) << "another seed holds out others";
}

JudgeDrift::State of(int samples, double gap) {
  JudgeDrift drift;
  for (int i = 0; i < samples; ++i)
    drift.add(i % 10 * 0.05 + gap, i % 10 * 0.05);
  return drift.state();
}

TEST(JudgeDrift, WarnsAndPausesByTheGap) {
  EXPECT_EQ(of(40, 0.09).alarm, Alarm::kNone);
  EXPECT_EQ(of(40, 0.11).alarm, Alarm::kWarn);
  EXPECT_EQ(of(40, -0.11).alarm, Alarm::kWarn);
  EXPECT_EQ(of(40, 0.21).alarm, Alarm::kPause);
  EXPECT_NEAR(of(40, 0.21).gap, 0.21, 1e-12);
  EXPECT_EQ(of(19, 0.5).alarm, Alarm::kNone) << "too few to tell";
  EXPECT_NE(of(40, 0.21).why.find("0.21 more"), std::string::npos);
}

TEST(JudgeDrift, WarnsWhereJudgesRankUnlike) {
  JudgeDrift drift;
  for (int i = 0; i < 40; ++i)
    drift.add(i % 5 * 0.1, (i * 3 + i / 5) % 5 * 0.1);
  const JudgeDrift::State state = drift.state();
  ASSERT_TRUE(state.spearman.has_value());
  EXPECT_LT(*state.spearman, 0.6);
  EXPECT_NEAR(state.gap, 0, 1e-12);
  EXPECT_EQ(state.alarm, Alarm::kWarn);
}

TEST(JudgeDrift, ForgetsWhatIsLongAgo) {
  JudgeDrift drift;
  for (int i = 0; i < 400; ++i)
    drift.add(1, 0);
  EXPECT_EQ(drift.state().alarm, Alarm::kPause);
  for (int i = 0; i < 400; ++i)
    drift.add(i % 2, i % 2);
  EXPECT_EQ(drift.state().samples, 400);
  EXPECT_EQ(drift.state().alarm, Alarm::kNone);
}

}  // namespace
}  // namespace nelumbo
