// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reward/rational.h"

namespace nelumbo {

/// A number as people write it, with its unit. Exact.
struct Quantity {
  Rational value;  ///< in base units, temperatures in °C; percent are hundredths
  /// As it is written: 5 for "5 cm" and for "5 %"; none where several are, as in "5 ft 10 in".
  std::optional<Rational> face{};
  std::string unit{};    ///< "<m>", "<m>/<s>"; empty: none
  bool percent = false;  ///< written with a percent sign
};

/// Reads what number_of() reads, and mixed numbers, \frac{}{}, LaTeX around a number, percent, and
/// units and currencies that unit_named() knows: "$1,234.50", "2 1/2 hours", "5 ft 10 in", the
/// units smaller one by one. No other word, and nothing that would have to be computed:
/// "3*6", "4 $100" and "3 hours per 3" are none. Nor is a unit in front of a number, or a number
/// that does not fit 128 bits. °F and kelvins alone are temperatures, not differences: 100.4 °F is
/// 38 °C.
std::optional<Quantity> quantity_of(std::string_view text);

/// Whether it is so many degrees of a scale, and no difference between two.
bool is_temperature(const Quantity& quantity);
/// The same of what is to be a temperature, where "38 C" and "100.4F" are degrees, too.
std::optional<Quantity> temperature_of(std::string_view text);

}  // namespace nelumbo
