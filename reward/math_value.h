// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "reward/math_tokens.h"
#include "reward/polynomial.h"

namespace nelumbo {

/// What a formula says.
struct MathValue {
  enum class Shape {
    kNumber,    ///< `ratio`
    kList,      ///< `parts` between `label`: "()", "[)", "{}" (a set), "cup" (a union), ":"
    kMatrix,    ///< `parts` row by row, `label` how many rows
    kRelation,  ///< `parts` with `label` between each two: "=", "<", "<=", "!=", "in"
  };
  Shape shape = Shape::kNumber;
  Ratio ratio{};
  std::string label{};
  std::vector<MathValue> parts{};
  bool either = false;  ///< of a set: "or" stands between its parts, "x < 1 or x > 2"
};

/// A formula as it was read.
struct MathAnswer {
  MathValue value;  ///< units are symbols, 5 cm is 1/20 <m>; percent are hundredths
  MathValue face;   ///< the same with each unit, and percent, as 1
  bool has_units = false;
  bool has_percent = false;
};

/// Reads an answer: a number, an expression, an equation, a list, an interval, a matrix. kBadData
/// says why it is none of these; exact numbers beyond 128 bits are refused.
Result<MathAnswer> read_math(std::string_view text);
/// The same of tokens that end in kEnd.
Result<MathAnswer> read_math(const std::vector<MathToken>& tokens);

/// How values are compared.
struct MathRules {
  double relative = 0;          ///< numbers may differ by this share of the truth
  bool units_may_lack = true;   ///< "5" is right for "5 cm"
  bool percent_as_face = true;  ///< "50" is right for "50 %", beside "0.5"
};

/// Whether they say the same. Exact unless `relative` is given: sets in any order, equations up to
/// a factor, "x = 2" for "2", "3, 2" in this order for "x = 3, y = 2", x < 5 for (-inf, 5), x < 1
/// or x > 2 for (-inf, 1) \cup (2, inf). A comparison that grows too large is a no.
bool same_math(const MathAnswer& truth, const MathAnswer& answer, const MathRules& rules);

}  // namespace nelumbo
