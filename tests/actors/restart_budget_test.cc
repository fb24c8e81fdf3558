// SPDX-License-Identifier: Apache-2.0
#include "actors/restart_budget.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Time = RestartBudget::Clock::time_point;

Death killed(int64_t step) {
  return {std::nullopt, step};
}

TEST(RestartBudget, WaitsTwiceAsLongBeforeEachRestartWithinTheWindow) {
  RestartBudget budget(10, seconds(300));
  for (const int64_t wait : {100, 200, 400, 800, 1600, 3200, 6400, 10000, 10000}) {
    const Verdict verdict = budget.next(killed(1), Time());
    EXPECT_TRUE(verdict.again);
    EXPECT_EQ(verdict.wait, milliseconds(wait));
  }
}

TEST(RestartBudget, EndsBehindTheLastRestartOfTheWindow) {
  RestartBudget budget(2, seconds(10));
  EXPECT_EQ(budget.next(killed(1), Time(seconds(0))).number, 1);
  EXPECT_EQ(budget.next(killed(2), Time(seconds(6))).number, 2);
  const Verdict last = budget.next(killed(3), Time(seconds(10)));
  EXPECT_FALSE(last.again);
  EXPECT_FALSE(last.repeated);
  EXPECT_EQ(last.number, 2);
}

TEST(RestartBudget, WaitsNoLongerForARunThatComesFurther) {
  RestartBudget budget(20, std::chrono::hours(1));
  const RestartBudget::Clock::time_point now{};
  for (int64_t step = 1; step <= 5; ++step)
    EXPECT_EQ(budget.next(killed(10 * step), now).wait, milliseconds(100)) << step;
  EXPECT_EQ(budget.next(killed(50), now).wait, milliseconds(200));
  EXPECT_EQ(budget.next(killed(48), now).wait, milliseconds(400));
  EXPECT_EQ(budget.next(killed(51), now).wait, milliseconds(100));
}

TEST(RestartBudget, ForgetsRestartsThatLieBeforeTheWindow) {
  RestartBudget budget(2, seconds(10));
  EXPECT_TRUE(budget.next(killed(1), Time(seconds(0))).again);
  EXPECT_TRUE(budget.next(killed(1), Time(seconds(6))).again);
  const Verdict later = budget.next(killed(1), Time(seconds(11)));
  EXPECT_TRUE(later.again);
  EXPECT_EQ(later.number, 2);
  EXPECT_EQ(later.wait, milliseconds(200));
}

TEST(RestartBudget, EndsBehindTheSameFailureAtTheSameStep) {
  RestartBudget budget(5, seconds(10));
  EXPECT_TRUE(budget.next({"signal 11", 7}, Time()).again);
  EXPECT_TRUE(budget.next(killed(7), Time()).again) << "somebody else's kill is no failure";
  const Verdict again = budget.next({"signal 11", 7}, Time());
  EXPECT_FALSE(again.again);
  EXPECT_TRUE(again.repeated);
}

TEST(RestartBudget, GoesOnBehindAnotherFailureOrAnotherStep) {
  RestartBudget budget(5, seconds(10));
  EXPECT_TRUE(budget.next({"signal 11", 7}, Time()).again);
  EXPECT_TRUE(budget.next({"signal 6", 7}, Time()).again);
  EXPECT_TRUE(budget.next({"signal 6", 8}, Time()).again);
}

TEST(RestartBudget, NeverBeginsAgainWithoutRestarts) {
  EXPECT_FALSE(RestartBudget(0, seconds(1)).next(killed(0), Time()).again);
}

}  // namespace
}  // namespace nelumbo
