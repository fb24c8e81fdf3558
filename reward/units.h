// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reward/rational.h"

namespace nelumbo {

/// One unit: so many of a base unit to a whole power. A litre is 1/1000 of m^3.
struct Unit {
  Rational factor;
  std::string base;  ///< "m", "g", "s", "dollar", ...
  int64_t exponent = 1;
};

/// The unit that a word or sign means: "cm", "hours", "lb", "$", "°"; none for other words. Short
/// names are as they are written ("mg", "L"); words of four letters or more in any case.
std::optional<Unit> unit_named(std::string_view word);

}  // namespace nelumbo
