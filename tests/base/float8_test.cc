// SPDX-License-Identifier: Apache-2.0
#include "base/float8.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Float8, WidensKnownValues) {
  EXPECT_EQ(from_f8_e4m3(0x38), 1.0F);
  EXPECT_EQ(from_f8_e4m3(0xC4), -3.0F);
  EXPECT_EQ(from_f8_e4m3(0x7E), 448.0F);
  EXPECT_EQ(from_f8_e4m3(0x01), 0x1p-9F);
  EXPECT_EQ(from_f8_e4m3(0x08), 0x1p-6F);
  EXPECT_TRUE(std::isnan(from_f8_e4m3(0x7F)));
  EXPECT_TRUE(std::isnan(from_f8_e4m3(0xFF)));
  EXPECT_TRUE(std::signbit(from_f8_e4m3(0x80)));
  EXPECT_EQ(from_f8_e5m2(0x3C), 1.0F);
  EXPECT_EQ(from_f8_e5m2(0x7B), 57344.0F);
  EXPECT_EQ(from_f8_e5m2(0x01), 0x1p-16F);
  EXPECT_EQ(from_f8_e5m2(0xFC), -std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(from_f8_e5m2(0x7D)));
}

/// What a float of one byte says, by the formula of the formats: the sign, then (2^f + fraction)
/// times a power of two, without the 2^f in the lowest binade.
double value_of(int code, int exponent_bits, int bias) {
  const int fraction_bits = 7 - exponent_bits;
  const int fraction = code % (1 << fraction_bits);
  const int exponent = code / (1 << fraction_bits) % (1 << exponent_bits);
  const int whole = exponent == 0 ? fraction : (1 << fraction_bits) + fraction;
  const double size = std::ldexp(whole, std::max(exponent, 1) - bias - fraction_bits);
  return code >= 0x80 ? -size : size;
}

TEST(Float8, WidensEveryCodeAsTheFormatsSay) {
  for (int code = 0; code < 256; ++code) {
    const float e4m3 = from_f8_e4m3(static_cast<uint8_t>(code));
    const float e5m2 = from_f8_e5m2(static_cast<uint8_t>(code));
    if (code % 128 != 127) {
      EXPECT_EQ(e4m3, value_of(code, 4, 7)) << code;
    }
    if (code % 128 < 124) {
      EXPECT_EQ(e5m2, value_of(code, 5, 15)) << code;
    } else {
      EXPECT_EQ(std::isinf(e5m2), code % 128 == 124) << code;
    }
  }
}

}  // namespace
}  // namespace nelumbo
