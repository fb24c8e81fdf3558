// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace nelumbo {

/// The number at the front of a text.
struct JinjaNumber {
  size_t length = 0;  ///< bytes that it takes
  bool is_real = false;
  bool fits = true;  ///< an integer of 64 bits
  int64_t integer = 0;
  double real = 0;
};

/// Reads a number: decimal, or 0x, 0o, 0b; a float needs digits on both sides of its point, or an
/// exponent. REQUIRES: a digit stands in front.
JinjaNumber read_jinja_number(std::string_view text, bool may_be_real);

/// Undoes the escapes of a string literal as Python's unicode-escape does; one that is unknown
/// stays as it is. The error says what is wrong without a place.
Result<std::string> unescape_jinja_string(std::string_view text);

}  // namespace nelumbo
