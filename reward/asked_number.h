// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reward/quantity.h"

namespace nelumbo {

/// A number with what stands beside it: a known unit, or up to five words behind it ("72 clips",
/// "$5 in total"). None where a word changes the number or offers another: "72 or 71", "72
/// thousand", "5 dozen". Nothing is looked up yet.
std::optional<Quantity> worded_quantity(std::string_view answer);

/// The unit or word of an answer that `question` does not name, by which the answer is about
/// something else; empty where there is none. Words that only join ("in", "total") need no naming,
/// nor do things that are counted, in the plural ("guests" where people are asked for); units of
/// length, mass, time and other measures, money and percent do. Forms of a word ("clip", "clips")
/// and of a unit ("kg", "kilograms") are one, years are named by an age, and dollars by a price
/// where no currency is named.
///
/// Example: "kg" for "72 kg" to "How many clips did she sell?"; nothing for "72 clips".
std::string unasked_word(std::string_view answer, std::string_view question);

/// Whether a question is about percent.
bool names_percent(std::string_view question);

}  // namespace nelumbo
