// SPDX-License-Identifier: Apache-2.0
#include "bench/replay.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(ReplayBenchmark, ScoresTheSameAnswersOnBothSides) {
  const auto figure =
      measure_replay(std::string(NELUMBO_SOURCE_DIR) + "/configs/rewards/gsm8k.yaml", 1);
  ASSERT_TRUE(figure.ok()) << figure.error().message;
  EXPECT_EQ(figure.value().name, "replay");
  EXPECT_EQ(figure.value().details["changed"], 0);
  EXPECT_GE(figure.value().details["answers"].get<double>(), 20000);
  EXPECT_EQ(figure.value().details["scores"], figure.value().details["answers"]);
  EXPECT_GT(figure.value().own.speed, 0);
  EXPECT_GT(figure.value().anchor.speed, 0);
}

TEST(ReplayBenchmark, NamesASpecificationThatIsNotThere) {
  const auto figure = measure_replay("no/such.yaml", 1);
  ASSERT_FALSE(figure.ok());
  EXPECT_NE(figure.error().message.find("no/such.yaml"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo
