// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

#include "base/half.h"

namespace nelumbo {

// The floating-point formats of one byte that weights are stored in. Widening is exact.

/// E4M3 of the Open Compute Project: a sign, 4 bits of exponent with bias 7, 3 of fraction; no
/// infinity, and a NaN where all of the other bits are set.
inline float from_f8_e4m3(uint8_t code) {
  const uint32_t exponent = (code >> 3U) & 15U;
  const uint32_t fraction = code & 7U;
  const uint32_t sign = (code & 0x80U) << 24U;
  if (exponent == 15 && fraction == 7)
    return std::bit_cast<float>(sign | 0x7FC00000U);
  const float magnitude = exponent == 0
                              ? static_cast<float>(fraction) * 0x1p-9F
                              : std::bit_cast<float>((exponent + 120) << 23U | fraction << 20U);
  return sign != 0 ? -magnitude : magnitude;
}

/// E5M2 of the same: the upper byte of a half.
inline float from_f8_e5m2(uint8_t code) {
  return from_f16(static_cast<uint16_t>(code << 8U));
}

}  // namespace nelumbo
