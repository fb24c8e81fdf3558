// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reward/step_checks.h"

namespace nelumbo {

/// The equations that a text states and that do not hold, as they stand there. An equation is an
/// expression of numbers with at least one of + - * / ^ (also × · ÷ x ** ²) and an "=" and a number
/// behind it; "$" and "," in thousands are looked through. What has letters, units or percent is
/// none, and so is "x = 5". Both sides are compared as exact fractions; a right side with decimals
/// may be rounded or cut off in its last place. Times of day, 10:30, are no numbers, and an
/// equation that the same clause denies or asks for is not stated: "it is not true that 2+2=5",
/// "2+2=5 is wrong", "is 2+2=5?".
///
/// Example: "He has 3 + 4 = 8 apples, $2*5 = $10 and 10/3 = 3.33." has one, "3 + 4 = 8".
std::vector<std::string> false_equations(std::string_view text);

/// What an equation of numbers comes to that holds, with what stands behind it: "72 clips" of
/// "48 + 24 = 72 clips" and of "48 + 48/2 = 48 + 24 = 72 clips". The numbers may be in percent
/// ("40% x 60% = 24%"), or all in one unit that is added or taken away ("97 kg - 12 kg = 85 kg").
/// None of other texts, nor of "5 = 5", where nothing is computed.
std::optional<std::string_view> equation_result(std::string_view text);

/// `arithmetic`: a sentence or recalled line is faulty that states a false equation.
Result<StepCheckPtr> read_arithmetic(const SpecNode& node, StepHeader& header);

}  // namespace nelumbo
