// SPDX-License-Identifier: Apache-2.0
#include "bench/prefill.h"

#include <gtest/gtest.h>

#include "tests/bench/tiny_shape.h"

namespace nelumbo {
namespace {

TEST(PrefillBench, MeasuresBothSidesAndTheLimit) {
  Team team(2);
  const Figure figure = measure_prefill(team, tiny_shape(), 20, 1);
  EXPECT_GT(figure.own.speed, 0);
  EXPECT_GT(figure.anchor.speed, 0);
  EXPECT_GT(figure.limit.speed, 0);
  EXPECT_EQ(figure.details["prompt"], 20);
}

}  // namespace
}  // namespace nelumbo
