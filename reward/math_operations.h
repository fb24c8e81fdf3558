// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reward/math_value.h"

namespace nelumbo {

// What formulas are made with. None stands for "not defined" and for "too large".

/// Any power: of numbers exactly, with roots of primes; of other things a symbol of its own where
/// the exponent is no whole number.
std::optional<Ratio> power_of(const Ratio& base, const Ratio& exponent);
/// Up to 30!.
std::optional<Ratio> factorial(const Ratio& of);
/// Up to "60 choose k".
std::optional<Ratio> binomial(const Ratio& of, const Ratio& chosen);
/// So many of the base unit's symbol. REQUIRES: unit_named() knows it.
std::optional<Ratio> unit_value(const std::string& unit);

/// "=", "<", "in", ...
bool is_relation(std::string_view mark);
/// Makes of the marks between the parts of a relation one label, with < and <= only: 5 > x becomes
/// x < 5. False where they do not go together.
bool turn_around(std::vector<std::string> marks, MathValue& relation);
/// The set of what \pm gives with either sign.
MathValue both(MathValue plus, MathValue minus);

}  // namespace nelumbo
