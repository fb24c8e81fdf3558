// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nelumbo {

/// A text that begins with an amount of money, as formulas have it: the sign, then the currency's,
/// then the number. "$-18", "- $18" and "-USD 18" are "-$18", "US$ 1,234" is "$1,234", "EUR 5" is
/// "€5". What is behind the number stays, and so does a text that begins otherwise.
std::string with_plain_money(std::string_view text);

}  // namespace nelumbo
