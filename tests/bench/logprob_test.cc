// SPDX-License-Identifier: Apache-2.0
#include "bench/logprob.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(LogprobBench, MeasuresBothSidesAndTheLimit) {
  Team team(1);
  const Figure figure =
      measure_logprob(team, {.rows = 70, .width = 64, .vocabulary = 500}, Precision::kFloat32, 1);
  EXPECT_GT(figure.own.speed, 0);
  EXPECT_GT(figure.anchor.speed, 0);
  EXPECT_GT(figure.limit.speed, 0);
}

}  // namespace
}  // namespace nelumbo
