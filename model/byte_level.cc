// SPDX-License-Identifier: Apache-2.0
#include "model/byte_level.h"

#include <array>
#include <cstdint>

#include "model/utf8.h"

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
  for (const char byte : bytes)
    append_utf8(kAlphabet.character[static_cast<uint8_t>(byte)], text);
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

}  // namespace nelumbo
