// SPDX-License-Identifier: Apache-2.0
#include "reward/judge_pacing.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using Pass = CircuitBreaker::Pass;

TEST(JudgePacing, DoublesWaitsWithJitterAndWithinBounds) {
  EXPECT_DOUBLE_EQ(backoff_seconds(1, 0.5, 30, 1, {}), 0.5);
  EXPECT_DOUBLE_EQ(backoff_seconds(1, 0.5, 30, 0, {}), 0.25);
  EXPECT_DOUBLE_EQ(backoff_seconds(4, 0.5, 30, 1, {}), 4);
  EXPECT_DOUBLE_EQ(backoff_seconds(60, 0.5, 30, 1, {}), 30);
  EXPECT_DOUBLE_EQ(backoff_seconds(1, 0.5, 30, 1, 7.0), 7);   // as the server asks
  EXPECT_DOUBLE_EQ(backoff_seconds(1, 0.5, 30, 1, 1e9), 30);  // and no longer than is sensible
  EXPECT_DOUBLE_EQ(backoff_seconds(4, 0.5, 30, 1, 0.1), 4);
}

TEST(JudgePacing, OpensAfterFailuresInARowAndClosesBehindAProbe) {
  CircuitBreaker breaker(3, 10);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(breaker.admit(0), Pass::kYes);
    breaker.failed(0, Pass::kYes);
  }
  breaker.succeeded();  // not in a row
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(breaker.failed(1, Pass::kYes), i == 2);
  EXPECT_TRUE(breaker.open());
  EXPECT_EQ(breaker.admit(10.9), Pass::kNo);
  EXPECT_EQ(breaker.admit(11), Pass::kProbe);
  EXPECT_EQ(breaker.admit(11), Pass::kNo) << "one probe at a time";
  EXPECT_FALSE(breaker.failed(12, Pass::kProbe)) << "it was open";
  EXPECT_EQ(breaker.admit(31.9), Pass::kNo) << "twice as long";
  EXPECT_EQ(breaker.admit(32), Pass::kProbe);
  EXPECT_TRUE(breaker.succeeded());
  EXPECT_FALSE(breaker.succeeded());
  EXPECT_FALSE(breaker.open());
  EXPECT_EQ(breaker.admit(32), Pass::kYes);
  EXPECT_EQ(breaker.openings(), 2);
}

TEST(JudgePacing, LateFailuresOfOthersAreNoProbe) {
  CircuitBreaker breaker(1, 10);
  breaker.failed(0, Pass::kYes);
  EXPECT_EQ(breaker.admit(10), Pass::kProbe);
  breaker.failed(10, Pass::kYes);
  EXPECT_EQ(breaker.admit(10), Pass::kNo) << "the probe is still out";
  breaker.abandoned(Pass::kProbe);
  EXPECT_EQ(breaker.admit(10), Pass::kProbe);
  EXPECT_EQ(breaker.openings(), 1);
}

}  // namespace
}  // namespace nelumbo
