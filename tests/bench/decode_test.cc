// SPDX-License-Identifier: Apache-2.0
#include "bench/decode.h"

#include <gtest/gtest.h>

#include "tests/bench/tiny_shape.h"

namespace nelumbo {
namespace {

TEST(DecodeBench, MeasuresBothSidesAndTheLimit) {
  Team team(2);
  for (const DecodeSides sides : {DecodeSides::kBf16BesideFp32, DecodeSides::kInt8BesideBf16}) {
    const Figure figure =
        measure_decode(team, tiny_shape(), {.batch = 3, .prompt = 20, .answer = 5}, sides, 1);
    EXPECT_GT(figure.own.speed, 0);
    EXPECT_GT(figure.anchor.speed, 0);
    EXPECT_GT(figure.limit.speed, 0);
    EXPECT_EQ(figure.details["threads"], 2);
  }
}

}  // namespace
}  // namespace nelumbo
