// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nelumbo {

/// What bytes of punctuation outside ASCII become: never part of a word.
constexpr char kFoldedPunctuation = '\x1F';

/// The text as names are compared, as many bytes as before, so that places stay places: letters
/// A–Z, Latin-1 and Greek capitals in lower case; each white-space character of ASCII a space; each
/// byte of a punctuation mark, space, arrow or mathematical sign outside ASCII kFoldedPunctuation.
/// All else, also bytes that are not UTF-8, stays as it is.
std::string folded(std::string_view text);

/// Whether a byte of folded text is part of a word: a digit, a letter, or a byte outside ASCII.
constexpr bool in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

/// Whether a name may begin or end between two bytes of folded text: they are not in one word.
constexpr bool is_boundary(char before, char after) {
  return !in_word(before) || !in_word(after);
}

}  // namespace nelumbo
