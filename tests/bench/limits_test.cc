// SPDX-License-Identifier: Apache-2.0
#include "bench/limits.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Limits, RatesArePositive) {
  Team team(2);
  EXPECT_GT(product_rate(team, Precision::kFloat32, 1), 0);
  EXPECT_GT(product_rate(team, Precision::kBfloat16, 1), 0);
  EXPECT_GT(read_rate(team, 1), 0);
}

// 100 parameters of 2 bytes, 10 bytes of cache and 4 operations for each position.
TEST(Limits, DecodingWaitsForMemoryOrForArithmetic) {
  const DecoderCost cost{.layers = 60, .head = 40, .bytes = 2, .cache = 10, .attention = 4};
  // One sequence behind 5 positions, 5 of its own: reads 200 + 100 bytes, computes 240.
  EXPECT_DOUBLE_EQ(decode_limit(cost, 1, 5, 5, 300e-9, 1), 1);
  EXPECT_DOUBLE_EQ(decode_limit(cost, 1, 5, 5, 1, 240e-9), 1);
  // Eight read the weights and the shared positions once: 200 + 50 + 400 bytes.
  EXPECT_DOUBLE_EQ(decode_limit(cost, 8, 5, 5, 650e-9, 1), 8);
  EXPECT_DOUBLE_EQ(decode_limit(cost, 8, 5, 5, 1, 240e-9), 1);
}

}  // namespace
}  // namespace nelumbo
