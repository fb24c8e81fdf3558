// SPDX-License-Identifier: Apache-2.0
#include "model/utf8.h"

namespace nelumbo {

int64_t character_size(std::string_view text, int64_t at) {
  const auto lead = static_cast<uint8_t>(text[at]);
  if (lead < 0x80)
    return 1;
  if (lead < 0xE0)
    return 2;
  return lead < 0xF0 ? 3 : 4;
}

char32_t code_point(std::string_view text, int64_t at) {
  const int64_t size = character_size(text, at);
  const auto lead = static_cast<uint8_t>(text[at]);
  char32_t point = size == 1 ? lead : lead & (0x7F >> size);
  for (int64_t k = 1; k < size; ++k)
    point = point << 6 | (static_cast<uint8_t>(text[at + k]) & 0x3F);
  return point;
}

int64_t character_before(std::string_view text, int64_t end) {
  int64_t begin = end - 1;
  while ((static_cast<uint8_t>(text[begin]) & 0xC0) == 0x80)
    --begin;
  return begin;
}

void append_utf8(char32_t character, std::string& text) {
  const auto tail = [&](int shift) {
    text += static_cast<char>(0x80 | (character >> shift & 0x3F));
  };
  if (character < 0x80) {
    text += static_cast<char>(character);
  } else if (character < 0x800) {
    text += static_cast<char>(0xC0 | character >> 6);
    tail(0);
  } else if (character < 0x10000) {
    text += static_cast<char>(0xE0 | character >> 12);
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xF0 | character >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

bool is_white_space(char32_t c) {
  return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

}  // namespace nelumbo
