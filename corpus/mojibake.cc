// SPDX-License-Identifier: Apache-2.0
#include "corpus/mojibake.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "corpus/unicode.h"

namespace nelumbo {
namespace {

/// What Windows-1252 has for the bytes 0x80 to 0x9F. Five are undefined; there readers pass the
/// control character through.
constexpr std::array<char32_t, 32> kWindows1252{
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

constexpr int kMostRounds = 3;

/// The byte that was read as this character; bytes below 0x80 are of no interest.
std::optional<uint32_t> byte_of(char32_t character) {
  if (character >= 0x80 && character <= 0xFF)
    return character;
  for (size_t i = 0; i < kWindows1252.size(); ++i)
    if (kWindows1252[i] == character)
      return static_cast<uint32_t>(0x80 + i);
  return std::nullopt;
}

bool is_plausible(char32_t character) {
  return (character >= 0xA0 && character <= 0x17F) ||     // Latin
         (character >= 0x2C6 && character <= 0x2DC) ||    // spacing marks
         (character >= 0x391 && character <= 0x3C9) ||    // Greek
         (character >= 0x2000 && character <= 0x22FF) ||  // punctuation, letters, arrows, operators
         (character >= 0x25A0 && character <= 0x25FF) ||  // shapes
         (character >= 0xFB00 && character <= 0xFB06) || character == 0xFEFF;
}

struct Decoded {
  char32_t character;
  size_t used;
};

/// The one character that the bytes of the first characters spell.
std::optional<Decoded> decode(std::span<const char32_t> characters) {
  const std::optional<uint32_t> lead = byte_of(characters[0]);
  if (!lead || *lead < 0xC2 || *lead > 0xEF)
    return std::nullopt;
  const size_t size = *lead < 0xE0 ? 2 : 3;
  if (characters.size() < size)
    return std::nullopt;
  char32_t decoded = size == 2 ? *lead & 0x1F : *lead & 0x0F;
  for (size_t i = 1; i < size; ++i) {
    const std::optional<uint32_t> byte = byte_of(characters[i]);
    if (!byte || *byte < 0x80 || *byte > 0xBF)
      return std::nullopt;
    decoded = decoded << 6 | (*byte & 0x3F);
  }
  if (!is_plausible(decoded))
    return std::nullopt;
  return Decoded{decoded, size};
}

}  // namespace

std::string undo_mojibake(std::string_view text) {
  std::vector<char32_t> characters = characters_of(text);
  for (int round = 0; round < kMostRounds; ++round) {
    std::vector<char32_t> next;
    next.reserve(characters.size());
    const std::span<const char32_t> all(characters);
    for (size_t at = 0; at < all.size();) {
      const std::optional<Decoded> found = decode(all.subspan(at));
      next.push_back(found ? found->character : all[at]);
      at += found ? found->used : 1;
    }
    if (next.size() == characters.size())
      break;
    characters = std::move(next);
  }
  return utf8_of(characters);
}

}  // namespace nelumbo
