// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace nelumbo {

// Characters of ASCII, whatever the locale is. A byte of another character is none of them.

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool is_ascii_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

constexpr bool is_ascii_small(char c) {
  return c >= 'a' && c <= 'z';
}

constexpr bool is_ascii_letter(char c) {
  return is_ascii_small(c) || is_ascii_capital(c);
}

constexpr bool is_ascii_alphanumeric(char c) {
  return is_digit(c) || is_ascii_letter(c);
}

/// A capital as its small letter; any other character as it is.
constexpr char ascii_lower(char c) {
  return is_ascii_capital(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

/// A small letter as its capital; any other character as it is.
constexpr char ascii_upper(char c) {
  return is_ascii_small(c) ? static_cast<char>(c - 'a' + 'A') : c;
}

/// Whether a text has no byte of 128 or more.
bool is_ascii(std::string_view text);

}  // namespace nelumbo
