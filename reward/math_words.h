// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nelumbo {

/// The text with one spelling for each sign: "−" and "minus" are "-", "½" is "\frac12", "^\circ" is
/// "\degree ", "US$5" is "$5".
std::string with_plain_spellings(std::string_view text);

/// The mark that a LaTeX command stands for: "*" for times, "<=" for leq.
std::optional<std::string_view> mark_of_command(std::string_view name);

/// "sin", "log", "sqrt"
bool is_math_function(std::string_view name);
/// "alpha", "pi", "emptyset"
bool is_math_letter(std::string_view name);
/// Whether the command's braces hold words: "text", "mathrm".
bool holds_text(std::string_view name);
/// "left", "quad"
bool only_sets_type(std::string_view name);

}  // namespace nelumbo
