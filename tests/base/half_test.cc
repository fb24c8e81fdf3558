// SPDX-License-Identifier: Apache-2.0
#include "base/half.h"

#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Half, EveryHalfComesBackFromItsFloat) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<uint16_t>(bits);
    if (!std::isnan(from_f16(half))) {
      EXPECT_EQ(to_f16(from_f16(half)), half);
    }
    if (!std::isnan(from_bf16(half))) {
      EXPECT_EQ(to_bf16(from_bf16(half)), half);
    }
  }
}

TEST(Half, WidensKnownValues) {
  EXPECT_EQ(from_f16(0x3C00), 1.0F);
  EXPECT_EQ(from_f16(0xC000), -2.0F);
  EXPECT_EQ(from_f16(0x0001), 0x1p-24F);
  EXPECT_EQ(from_f16(0x7BFF), 65504.0F);
  EXPECT_EQ(from_f16(0xFC00), -std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::signbit(from_f16(0x8000)));
  EXPECT_EQ(from_bf16(0x3F80), 1.0F);
}

TEST(Half, NarrowsToTheNearestAndToEvenBetweenTwo) {
  EXPECT_EQ(to_f16(1 + 0x1p-11F), 0x3C00);
  EXPECT_EQ(to_f16(1 + 0x3p-11F), 0x3C02);
  EXPECT_EQ(to_f16(1 + 0x1p-11F + 0x1p-20F), 0x3C01);
  EXPECT_EQ(to_f16(0x1p-25F), 0);
  EXPECT_EQ(to_f16(0x3p-25F), 2);
  EXPECT_EQ(to_f16(-0x1.8p-25F), 0x8001);
  EXPECT_EQ(to_f16(0x1.FFFp-15F), 0x0400);
  EXPECT_EQ(to_bf16(1 + 0x1p-8F), 0x3F80);
  EXPECT_EQ(to_bf16(1 + 0x3p-8F), 0x3F82);
}

TEST(Half, WhatIsTooLargeIsInfiniteAndNanStaysNan) {
  EXPECT_EQ(to_f16(65519.0F), 0x7BFF);
  EXPECT_EQ(to_f16(65520.0F), 0x7C00);
  EXPECT_EQ(to_f16(-std::numeric_limits<float>::infinity()), 0xFC00);
  EXPECT_EQ(to_bf16(std::numeric_limits<float>::max()), 0x7F80);
  EXPECT_TRUE(std::isnan(from_f16(to_f16(std::nanf("")))));
  EXPECT_TRUE(std::isnan(from_bf16(to_bf16(std::bit_cast<float>(0x7F800001U)))));
}

}  // namespace
}  // namespace nelumbo
