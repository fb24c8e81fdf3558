// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nelumbo {

/// An answer with a number in the form that is read (reward/asked_number.h), none where it already
/// is in it:
/// - A label stands behind its number: "85 Total trees" for "Total trees: 85", also behind "=".
/// - The sum that GSM8K writes before a result is left out: "60+25=85" for "60+25=<<60+25=85>>85",
///   where both say the same.
/// - What a question tells is left out behind the number, with a number of its own: "Tina makes
///   $990." for "Tina makes $990 in 5 days.", where the question speaks of 5 days and no others,
///   and asks for no days. Where it asks for something of each, that must stand before: "59 pages
///   each day for 5 days".
std::optional<std::string> reworded(std::string_view text, std::string_view question);

}  // namespace nelumbo
