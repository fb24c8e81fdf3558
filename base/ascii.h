// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace nelumbo {

// Characters of ASCII, whatever the locale is. A byte of another character is none of them.

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// A capital as its small letter; any other character as it is.
constexpr char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Whether a text has no byte of 128 or more.
bool is_ascii(std::string_view text);

}  // namespace nelumbo
