// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nelumbo {

/// The number of a code point. REQUIRES: `bytes` is one, in well-formed UTF-8.
uint32_t code_point_value(std::string_view bytes);

// The case of Python's str, over well-formed UTF-8.

std::string python_upper(std::string_view text);
std::string python_lower(std::string_view text);
/// str.capitalize: the first code point in title case, all others in lower case.
std::string capitalized(std::string_view text);
/// str.title: a letter behind something that is no letter begins a word.
std::string title_case(std::string_view text);
std::string swapped_case(std::string_view text);

/// str.isalpha and its kin; false for the empty text.
bool is_alphabetic(std::string_view text);
bool is_decimal(std::string_view text);
bool is_alphanumeric(std::string_view text);
bool is_all_space(std::string_view text);
bool is_lower(std::string_view text);
bool is_upper(std::string_view text);

}  // namespace nelumbo
