// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nelumbo {

// Steps through UTF-8. All of it REQUIRES well-formed text.

/// Bytes of the character that begins at `at`.
int64_t character_size(std::string_view text, int64_t at);

/// The Unicode code point of the character that begins at `at`.
char32_t code_point(std::string_view text, int64_t at);

/// Where the character that ends at `end` begins. REQUIRES: end > 0.
int64_t character_before(std::string_view text, int64_t end);

/// Appends a code point. REQUIRES: no surrogate, at most U+10FFFF.
void append_utf8(char32_t character, std::string& text);

/// Unicode's White_Space.
bool is_white_space(char32_t character);

}  // namespace nelumbo
