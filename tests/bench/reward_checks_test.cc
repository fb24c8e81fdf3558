// SPDX-License-Identifier: Apache-2.0
#include "bench/reward_checks.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(RewardChecks, FindTwoThirdsRight) {
  const auto figure = measure_reward_checks(std::string(NELUMBO_SOURCE_DIR) + "/data", 1);
  ASSERT_TRUE(figure.ok()) << figure.error().message;
  // 7473 answers in six forms by turns, of which the fourth and the sixth are wrong.
  EXPECT_EQ(figure.value().details["answers"], 7473);
  EXPECT_EQ(figure.value().details["right"], 4983);
  EXPECT_GT(figure.value().details["whole_specification"].get<double>(), 0);
}

TEST(RewardChecks, NameTheFileThatIsMissing) {
  const auto figure = measure_reward_checks("/nowhere", 1);
  ASSERT_FALSE(figure.ok());
  EXPECT_NE(figure.error().message.find("/nowhere/gsm8k/train.jsonl"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo
