// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nelumbo {

/// A text with one minus: U+2212, the en dash, and the hyphens and the figure dash of Unicode
/// (U+2010 to U+2012, U+FE63) are "-", and so is "minus" or "negative" before what it begins with.
std::string with_plain_minus(std::string_view text);

/// A text with "percent" for the "per cent" behind a number; "5 candies per cent" is a price.
std::string with_plain_percent(std::string_view text);

/// A text whose numbers are written as computers write them: with that minus, "2½" as "2 1/2", and
/// thousands that blanks part (plain, thin or no-break ones, of one kind in one number) without
/// these: "−1 234 567.5" is "-1234567.5". Blanks stay where they may mean something else: beside
/// another number, a comma or a slash ("2 100/300" is a mixed number), and behind a 0 or more than
/// three digits.
std::string with_plain_digits(std::string_view text);

}  // namespace nelumbo
