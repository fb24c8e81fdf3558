// SPDX-License-Identifier: Apache-2.0
#include "learner/step_guard.h"

#include <limits>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Losses that fall a little and swing a little.
StepSigns calm(int step) {
  return {2 - 0.01 * step + 0.05 * (step % 3), 1 + 0.1 * (step % 2), 0.001};
}

/// Applies `steps` calm steps.
void go_on(StepGuard& guard, int steps, const GuardConfig& config = {}) {
  for (int i = 0; i < steps; ++i) {
    Metrics metrics;
    ASSERT_TRUE(guard.admit(calm(i), config, &metrics).value()) << i;
    EXPECT_EQ(metrics.at("guard/spikes"), 0) << i;
  }
}

TEST(SpikeAlarm, CountsRobustDeviationsAboveTheMedian) {
  SpikeAlarm alarm;
  for (int i = 0; i < SpikeAlarm::kLeast; ++i)
    alarm.keep({2, 0, 0});
  EXPECT_DOUBLE_EQ(alarm.deviations({4, 0, 0}).loss, 10);
  EXPECT_DOUBLE_EQ(alarm.deviations({0, 0, 0.05}).kl, 50);
  EXPECT_EQ(alarm.deviations({-9, 0, 0}).loss, 0) << "a loss that falls is none";
}

TEST(SpikeAlarm, OneWildStepDoesNotMakeTheNextOneUsual) {
  SpikeAlarm alarm;
  for (int i = 0; i < 20; ++i)
    alarm.keep(calm(i));
  alarm.keep({50, 50, 1});
  EXPECT_GT(alarm.deviations({50, 1, 0}).loss, 100);
}

TEST(StepGuard, JudgesNothingBeforeItHasSeenEnough) {
  StepGuard guard;
  Metrics metrics;
  go_on(guard, SpikeAlarm::kLeast - 1, {.policy = "skip"});
  EXPECT_TRUE(guard.admit({1e6, 1e6, 0}, {.policy = "skip"}, &metrics).value());
}

TEST(StepGuard, WarnsAndAppliesOrSkipsAsItsPolicySays) {
  for (const char* policy : {"warn", "skip", "rollback", "stop"}) {
    StepGuard guard;
    go_on(guard, 12);
    Metrics metrics;
    const bool applied = guard.admit({8, 1, 0}, {.policy = policy}, &metrics).value();
    EXPECT_EQ(applied, policy == std::string("warn")) << policy;
    EXPECT_EQ(metrics.at("guard/withheld"), applied ? 0 : 1);
    EXPECT_EQ(metrics.at("guard/spikes"), 1);
    EXPECT_EQ(metrics.at("optim/skipped"), applied ? 0 : 1);
    EXPECT_GT(metrics.at("guard/loss"), 20);
    EXPECT_LT(metrics.at("guard/grad_norm"), 10);
  }
}

TEST(StepGuard, SeesGradientsAndKlToo) {
  StepGuard guard;
  go_on(guard, 12);
  Metrics metrics;
  EXPECT_FALSE(guard.admit({2, 30, 0}, {.policy = "skip"}, &metrics).value());
  EXPECT_FALSE(guard.admit({2, 1, 0.3}, {.policy = "skip"}, &metrics).value());
  EXPECT_EQ(guard.skipped(), 2);
}

TEST(StepGuard, EndsTheRunAtThreeSpikesInARow) {
  StepGuard guard;
  go_on(guard, 12);
  Metrics metrics;
  EXPECT_FALSE(guard.admit({8, 1, 0}, {.policy = "skip"}, &metrics).value());
  EXPECT_FALSE(guard.admit({8, 1, 0}, {.policy = "skip"}, &metrics).value());
  const auto third = guard.admit({8, 1, 0}, {.policy = "skip"}, &metrics);
  ASSERT_FALSE(third.ok());
  EXPECT_EQ(third.error().code, Errc::kDiverged);
  EXPECT_NE(third.error().message.find("spike"), std::string::npos) << third.error().message;
}

TEST(StepGuard, LooksForNoSpikeWhereNoneIsAskedFor) {
  StepGuard guard;
  go_on(guard, 12);
  Metrics metrics;
  EXPECT_TRUE(guard.admit({1e9, 1e9, 9}, {.spike = 0, .policy = "skip"}, &metrics).value());
  EXPECT_FALSE(guard.admit({kNan, 1, 0}, {.spike = 0, .policy = "warn"}, &metrics).value());
}

TEST(StepGuard, GoesOnFromACheckpointAsIfNothingHadBeen) {
  StepGuard before, after;
  go_on(before, 40);
  Metrics metrics, again;
  (void)before.admit({8, 1, 0}, {.policy = "skip"}, &metrics);
  ASSERT_TRUE(after.restore(before.state()).ok());
  EXPECT_EQ(before.admit({3, 2, 0}, {}, &metrics).value(),
            after.admit({3, 2, 0}, {}, &again).value());
  EXPECT_EQ(metrics, again);
  EXPECT_EQ(before.state(), after.state());
  EXPECT_FALSE(after.restore({1, 2}).ok());
  EXPECT_FALSE(after.restore({0, 0, 0, 1, 2}).ok());
}

}  // namespace
}  // namespace nelumbo
