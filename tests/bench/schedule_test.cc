// SPDX-License-Identifier: Apache-2.0
#include "bench/schedule.h"

#include <gtest/gtest.h>

#include "tests/bench/tiny_shape.h"

namespace nelumbo {
namespace {

TEST(ScheduleBench, ComputesEachPromptOnce) {
  Team team(2);
  const Figure figure = measure_schedule(
      team, tiny_shape(),
      {.groups = 5, .samples = 3, .running = 4, .prompt = 20, .median = 4, .longest = 12}, 1);
  EXPECT_GT(figure.own.speed, 0);
  EXPECT_GT(figure.anchor.speed, 0);
  EXPECT_EQ(figure.details["prompt_tokens"], 100);
  EXPECT_EQ(figure.details["prompt_rows"], 100);
}

}  // namespace
}  // namespace nelumbo
