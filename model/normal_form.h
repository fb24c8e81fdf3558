// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nelumbo {

// Unicode transformations of whole texts (utf8proc's tables). All of it REQUIRES well-formed UTF-8
// and takes O(n log n) steps, whatever the text.

enum class NormalForm { kNfc, kNfd, kNfkc, kNfkd };

/// The text in one of the normal forms of UAX #15.
std::string in_normal_form(std::string_view text, NormalForm form);

/// Each character by itself in lower case, so that a final sigma is none.
std::string in_lower_case(std::string_view text);

/// Whether a character is a combining mark (category M).
bool is_mark(char32_t character);

}  // namespace nelumbo
