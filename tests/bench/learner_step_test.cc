// SPDX-License-Identifier: Apache-2.0
#include "bench/learner_step.h"

#include <gtest/gtest.h>

#include "tests/bench/tiny_shape.h"

namespace nelumbo {
namespace {

TEST(LearnerStepBench, MeasuresBothSidesAndTheLimit) {
  Team team(2);
  const Figure figure = measure_learner_step(team, tiny_shape(),
                                             {.prompts = 2, .prompt = 9, .answers = 2, .answer = 7},
                                             StoredType::kBf16, 1);
  EXPECT_GT(figure.own.speed, 0);
  EXPECT_GT(figure.anchor.speed, 0);
  EXPECT_GT(figure.limit.speed, 0);
  EXPECT_EQ(figure.details["threads"], 2);
}

}  // namespace
}  // namespace nelumbo
