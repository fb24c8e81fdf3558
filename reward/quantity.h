// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nelumbo {

/// A number as people write it, with its unit.
struct Quantity {
  double value = 0;      ///< in base units; percent are hundredths
  double face = 0;       ///< as it is written: 5 for "5 cm" and for "5 %"
  std::string unit{};    ///< "<m>", "<m>/<s>"; empty: none
  bool percent = false;  ///< written with a percent sign
};

/// Reads what number_of() reads, and mixed numbers, \frac{}{}, LaTeX around a number, percent, and
/// units and currencies that unit_named() knows: "$1,234.50", "2 1/2 hours", "5 ft 10 in". No
/// other word, and nothing that would have to be computed: "3*6" is none.
std::optional<Quantity> quantity_of(std::string_view text);

}  // namespace nelumbo
