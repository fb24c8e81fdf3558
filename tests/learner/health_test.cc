// SPDX-License-Identifier: Apache-2.0
#include "learner/health.h"

#include <limits>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(NanGuard, SkipsAndCountsOneBadStep) {
  NanGuard guard;
  EXPECT_TRUE(guard.admit(1, 2).value());
  EXPECT_FALSE(guard.admit(kNan, 2).value());
  EXPECT_FALSE(guard.admit(1, kInfinity).value());
  EXPECT_TRUE(guard.admit(1, 2).value());
  EXPECT_FALSE(guard.admit(kNan, 2).value()) << "two before it do not count any more";
  EXPECT_EQ(guard.skipped(), 3);
}

TEST(NanGuard, EndsTheRunAtThreeInARowAlsoAcrossACheckpoint) {
  NanGuard before;
  (void)before.admit(kNan, 1);
  (void)before.admit(kNan, 1);
  NanGuard guard;
  ASSERT_TRUE(guard.restore(before.state()).ok());
  EXPECT_EQ(guard.admit(kNan, 1).error().code, Errc::kDiverged);
  EXPECT_EQ(guard.skipped(), 3);
}

TEST(ZeroSpreadAlarm, SoundsOnlyWhenTheWindowIsFull) {
  ZeroSpreadAlarm alarm(0.9);
  for (int i = 0; i < 9; ++i)
    EXPECT_TRUE(alarm.see(1).ok()) << i;
  const Result<void> said = alarm.see(0.5);
  ASSERT_FALSE(said.ok());
  EXPECT_EQ(said.error().code, Errc::kDiverged);
  EXPECT_NE(said.error().message.find("95 %"), std::string::npos) << said.error().message;
}

TEST(ZeroSpreadAlarm, ForgetsWhatLeftTheWindow) {
  ZeroSpreadAlarm alarm(0.95);
  EXPECT_TRUE(alarm.see(0).ok());
  for (int i = 0; i < 9; ++i)
    EXPECT_TRUE(alarm.see(1).ok()) << i;
  EXPECT_FALSE(alarm.see(1).ok()) << "the good step has left";
  ZeroSpreadAlarm calm(0.9);
  for (int i = 0; i < 40; ++i)
    EXPECT_TRUE(calm.see(0.5).ok()) << i;
}

TEST(ZeroSpreadAlarm, GoesOnFromACheckpoint) {
  ZeroSpreadAlarm before(0.9), alarm(0.9);
  for (int i = 0; i < 9; ++i)
    (void)before.see(1);
  ASSERT_TRUE(alarm.restore(before.state()).ok());
  EXPECT_FALSE(alarm.see(1).ok());
}

TEST(EntropyFloor, TheBonusGrowsBelowTheFloorAndIsOffAbove) {
  EntropyFloor floor(0.003, 0.3);
  EXPECT_FALSE(floor.see(2).has_value());
  EXPECT_FALSE(floor.see(0.6).has_value());
  EXPECT_EQ(floor.bonus(), 0.003);
  EXPECT_TRUE(floor.see(0.5).has_value());
  EXPECT_DOUBLE_EQ(floor.bonus(), 0.004);
  EXPECT_FALSE(floor.see(0.5).has_value()) << "one alarm for one fall";
  EXPECT_DOUBLE_EQ(floor.bonus(), 0.005);
  for (int i = 0; i < 20; ++i)
    (void)floor.see(0.4);
  EXPECT_DOUBLE_EQ(floor.bonus(), 0.008);
  EXPECT_EQ(floor.below(), EntropyFloor::kCollapse);
  EXPECT_FALSE(floor.see(0.7).has_value());
  EXPECT_EQ(floor.bonus(), 0.003);
  EXPECT_TRUE(floor.see(0.1).has_value()) << "a second fall";
}

TEST(EntropyFloor, KeepsTheFirstStepsEntropyInACheckpoint) {
  EntropyFloor before(0, 0.3), after(0, 0.3);
  (void)before.see(1.7);
  (void)before.see(0.1);
  ASSERT_TRUE(after.restore(before.state()).ok());
  EXPECT_EQ(after.bonus(), before.bonus());
  (void)before.see(0.50);
  (void)after.see(0.50);
  EXPECT_EQ(after.bonus(), before.bonus());
  EXPECT_EQ(after.bonus(), 0.002);
  EXPECT_FALSE(after.restore({1, 99}).ok());
}

TEST(EntropyFloor, IgnoresWhatIsNoNumber) {
  EntropyFloor floor(0, 0.3);
  (void)floor.see(kNan);
  (void)floor.see(1);
  EXPECT_FALSE(floor.see(0.9).has_value());
}

}  // namespace
}  // namespace nelumbo
