// SPDX-License-Identifier: Apache-2.0
#include "bench/plain_decoder.h"

#include <gtest/gtest.h>

#include "tests/bench/tiny_shape.h"

namespace nelumbo {
namespace {

TEST(PlainDecoder, TrainsInBothTypes) {
  for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16})
    EXPECT_GT(plain_step_seconds(tiny_shape(), precision,
                                 {.sequences = 3, .length = 9, .trained = 4, .rows = 18}, 1, 1),
              0);
}

}  // namespace
}  // namespace nelumbo
