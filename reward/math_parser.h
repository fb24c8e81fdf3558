// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "reward/math_tokens.h"
#include "reward/math_value.h"

namespace nelumbo {

/// How a formula's tokens are read.
struct MathReading {
  bool face = false;       ///< a unit, and percent, is 1
  int64_t plus_minus = 1;  ///< the sign that \pm stands for
};

/// A value, and what was met on the way.
struct ParsedMath {
  MathValue value;
  bool has_plus_minus = false, has_units = false, has_percent = false;
};

/// Reads tokens that end in kEnd. kBadData says why they are no formula: 1/0, "2 3", 3 < x > 1,
/// a number that leaves 128 bits. Work and depth are bounded.
Result<ParsedMath> parse_math(const std::vector<MathToken>& tokens, const MathReading& reading);

}  // namespace nelumbo
