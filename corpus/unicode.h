// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nelumbo {

// Unicode as the corpus needs it. All texts are well-formed UTF-8; an ill-formed part counts as
// U+FFFD. The tables are utf8proc's.

/// What a character is for, as far as cleaning cares.
enum class CharacterKind { kLetter, kDigit, kSpace, kPunctuation, kSymbol, kControl, kInvisible };

CharacterKind kind_of(char32_t character);

/// Whether it is a letter of the Latin script, plain or with marks.
bool is_latin(char32_t character);

std::vector<char32_t> characters_of(std::string_view text);
void append_utf8(std::string& text, char32_t character);
std::string utf8_of(const std::vector<char32_t>& characters);

/// Unicode normalisation form C: letters and their marks as one character where there is one.
std::string nfc(std::string_view text);

/// Each character's simple lower-case form.
std::string lower_case(std::string_view text);

/// The maximal runs of letters, marks and digits, in lower case: "IL-2 (n=4)" is il, 2, n, 4.
std::vector<std::string> words_of(std::string_view text);

}  // namespace nelumbo
