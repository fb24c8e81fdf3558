// SPDX-License-Identifier: Apache-2.0
#include "model/byte_level.h"

#include <array>
#include <cstddef>

namespace nelumbo {
namespace {

/// Characters of the alphabet lie below this code point.
constexpr char32_t kAlphabetEnd = 256 + 68;

struct Alphabet {
  std::array<char32_t, 256> character{};
  std::array<int16_t, kAlphabetEnd> byte{};
};

/// Printable Latin-1 stands for itself; the other 68 bytes follow from U+0100, in order.
constexpr Alphabet make_alphabet() {
  Alphabet alphabet;
  alphabet.byte.fill(-1);
  char32_t next = 256;
  for (int byte = 0; byte < 256; ++byte) {
    const bool printable = (byte > 32 && byte < 127) || (byte > 160 && byte != 173);
    const char32_t character = printable ? static_cast<char32_t>(byte) : next++;
    alphabet.character[byte] = character;
    alphabet.byte[character] = static_cast<int16_t>(byte);
  }
  return alphabet;
}

constexpr Alphabet kAlphabet = make_alphabet();

}  // namespace

std::string to_byte_level(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    const char32_t character = kAlphabet.character[static_cast<uint8_t>(byte)];
    if (character < 0x80) {
      text += static_cast<char>(character);
    } else {
      text += static_cast<char>(0xC0 | character >> 6);
      text += static_cast<char>(0x80 | (character & 0x3F));
    }
  }
  return text;
}

std::optional<std::string> from_byte_level(std::string_view text) {
  std::string bytes;
  const auto size = static_cast<int64_t>(text.size());
  for (int64_t i = 0; i < size; i += character_size(text, i)) {
    const char32_t character = code_point(text, i);
    if (character >= kAlphabetEnd || kAlphabet.byte[character] < 0)
      return std::nullopt;
    bytes += static_cast<char>(kAlphabet.byte[character]);
  }
  return bytes;
}

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

}  // namespace nelumbo
