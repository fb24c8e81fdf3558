// SPDX-License-Identifier: Apache-2.0
#include "corpus/fold.h"

#include <array>
#include <cstddef>

namespace nelumbo {
namespace {

constexpr std::array<char, 128> kAscii = [] {
  std::array<char, 128> table{};
  for (int c = 0; c < 128; ++c) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool space = c >= '\t' && c <= '\r';
    table[static_cast<size_t>(c)] = static_cast<char>(upper ? c + 32 : space ? ' ' : c);
  }
  return table;
}();

/// U+0080..U+00BF are signs, but for three that are letters: ª µ º.
bool is_latin_sign(unsigned char second) {
  return second != 0xAA && second != 0xB5 && second != 0xBA;
}

/// Folds the character of two bytes at `text`, which begins with C2..DF.
void fold_two(unsigned char* text) {
  const unsigned char lead = text[0], second = text[1];
  if (lead == 0xC2 && is_latin_sign(second)) {
    text[0] = text[1] = kFoldedPunctuation;
  } else if (lead == 0xC3 && second <= 0x9E && second != 0x97) {  // À..Þ, not ×
    text[1] = second + 0x20;
  } else if (lead == 0xC3 && (second == 0x97 || second == 0xB7)) {  // × ÷
    text[0] = text[1] = kFoldedPunctuation;
  } else if (lead == 0xCE && second >= 0x91 && second <= 0x9F) {  // Α..Ο
    text[1] = second + 0x20;
  } else if (lead == 0xCE && second >= 0xA0 && second <= 0xA9 && second != 0xA2) {  // Π..Ω
    text[0] = 0xCF;
    text[1] = second - 0x20;
  }
}

/// Folds the character of three bytes at `text`: U+2000..U+2BFF hold punctuation, signs, arrows and
/// mathematics (but for super- and subscript digits, U+2070..U+209F), U+3000..U+303F the marks of
/// Chinese and Japanese.
void fold_three(unsigned char* text) {
  const unsigned char lead = text[0], second = text[1], third = text[2];
  const bool digits = (second == 0x81 && third >= 0xB0) || (second == 0x82 && third < 0xA0);
  const bool sign = (lead == 0xE2 && second < 0xB0 && !digits) || (lead == 0xE3 && second == 0x80);
  if (sign)
    text[0] = text[1] = text[2] = kFoldedPunctuation;
}

bool follows(unsigned char c) {
  return (c & 0xC0) == 0x80;
}

}  // namespace

std::string folded(std::string_view text) {
  std::string out(text);
  auto* bytes = reinterpret_cast<unsigned char*>(out.data());
  const size_t size = out.size();
  for (size_t i = 0; i < size; ++i) {
    if (bytes[i] < 0x80) {
      bytes[i] = static_cast<unsigned char>(kAscii[bytes[i]]);
    } else if (bytes[i] >= 0xC2 && bytes[i] < 0xE0 && i + 1 < size && follows(bytes[i + 1])) {
      fold_two(bytes + i);
      ++i;
    } else if (bytes[i] >= 0xE0 && bytes[i] < 0xF0 && i + 2 < size && follows(bytes[i + 1]) &&
               follows(bytes[i + 2])) {
      fold_three(bytes + i);
      i += 2;
    }
  }
  return out;
}

}  // namespace nelumbo
