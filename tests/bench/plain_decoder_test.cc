// SPDX-License-Identifier: Apache-2.0
#include "bench/plain_decoder.h"

#include <gtest/gtest.h>

#include "tests/bench/tiny_shape.h"

namespace nelumbo {
namespace {

TEST(PlainDecoder, TrainsInBothTypes) {
  for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16})
    plain_step(tiny_shape(), precision, {.sequences = 3, .length = 9, .trained = 4, .rows = 18},
               1)();
}

}  // namespace
}  // namespace nelumbo
