// SPDX-License-Identifier: Apache-2.0
#include "bench/bulk.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(BulkBench, CarriesTheBytesToOneAndTwoEngines) {
  const auto figure = measure_bulk((int64_t{3} << 20) + 5, 1);
  ASSERT_TRUE(figure.ok()) << figure.error().message;
  EXPECT_GT(figure.value().own.speed, 0);
  EXPECT_GT(figure.value().anchor.speed, 0);
  EXPECT_GT(figure.value().limit.speed, 0);
  EXPECT_EQ(figure.value().details["bytes"], 3145733);
  EXPECT_GT(figure.value().details["two_engines"], 0);
  EXPECT_GT(figure.value().details["two_ratio"], 0);
  EXPECT_GT(figure.value().details["same_host_copies"], 0);
  EXPECT_GT(figure.value().details["same_host_two_copies"], 0);
}

}  // namespace
}  // namespace nelumbo
