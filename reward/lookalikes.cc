// SPDX-License-Identifier: Apache-2.0
#include "reward/lookalikes.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "corpus/unicode.h"

namespace nelumbo {

namespace {

struct Lookalike {
  char32_t letter;
  char latin;
};

constexpr std::array kLookalikes = {
    // Greek
    Lookalike{U'Α', 'A'}, Lookalike{U'Β', 'B'}, Lookalike{U'Ε', 'E'}, Lookalike{U'Ζ', 'Z'},
    Lookalike{U'Η', 'H'}, Lookalike{U'Ι', 'I'}, Lookalike{U'Κ', 'K'}, Lookalike{U'Μ', 'M'},
    Lookalike{U'Ν', 'N'}, Lookalike{U'Ο', 'O'}, Lookalike{U'Ρ', 'P'}, Lookalike{U'Τ', 'T'},
    Lookalike{U'Υ', 'Y'}, Lookalike{U'Χ', 'X'}, Lookalike{U'Ϲ', 'C'}, Lookalike{U'Ϳ', 'J'},
    Lookalike{U'α', 'a'}, Lookalike{U'γ', 'y'}, Lookalike{U'ι', 'i'}, Lookalike{U'ν', 'v'},
    Lookalike{U'ο', 'o'}, Lookalike{U'ρ', 'p'}, Lookalike{U'υ', 'u'}, Lookalike{U'ϲ', 'c'},
    Lookalike{U'ϳ', 'j'},
    // Cyrillic
    Lookalike{U'А', 'A'}, Lookalike{U'В', 'B'}, Lookalike{U'С', 'C'}, Lookalike{U'Ԁ', 'D'},
    Lookalike{U'Е', 'E'}, Lookalike{U'Ԍ', 'G'}, Lookalike{U'Н', 'H'}, Lookalike{U'І', 'I'},
    Lookalike{U'Ӏ', 'I'}, Lookalike{U'Ј', 'J'}, Lookalike{U'К', 'K'}, Lookalike{U'М', 'M'},
    Lookalike{U'О', 'O'}, Lookalike{U'Р', 'P'}, Lookalike{U'Ԛ', 'Q'}, Lookalike{U'Ѕ', 'S'},
    Lookalike{U'Т', 'T'}, Lookalike{U'Ѵ', 'V'}, Lookalike{U'Ԝ', 'W'}, Lookalike{U'Х', 'X'},
    Lookalike{U'У', 'Y'}, Lookalike{U'Ү', 'Y'}, Lookalike{U'а', 'a'}, Lookalike{U'с', 'c'},
    Lookalike{U'ԁ', 'd'}, Lookalike{U'е', 'e'}, Lookalike{U'һ', 'h'}, Lookalike{U'і', 'i'},
    Lookalike{U'ј', 'j'}, Lookalike{U'ӏ', 'l'}, Lookalike{U'о', 'o'}, Lookalike{U'р', 'p'},
    Lookalike{U'ԛ', 'q'}, Lookalike{U'ѕ', 's'}, Lookalike{U'ѵ', 'v'}, Lookalike{U'ԝ', 'w'},
    Lookalike{U'х', 'x'}, Lookalike{U'у', 'y'}, Lookalike{U'ү', 'y'},
    // Latin
    Lookalike{U'ı', 'i'}, Lookalike{U'ɡ', 'g'}, Lookalike{U'ɑ', 'a'}};

/// Letters of a range of alphabets, A to Z and a to z time and again.
char in_alphabets(char32_t place) {
  constexpr char32_t kLetters = 26;
  place %= 2 * kLetters;
  return place < kLetters ? static_cast<char>('A' + place)
                          : static_cast<char>('a' + (place - kLetters));
}

char32_t latin_of(char32_t character) {
  constexpr char32_t kWideA = 0xFF21, kWideZ = 0xFF3A, kWideSmallA = 0xFF41, kWideSmallZ = 0xFF5A;
  constexpr char32_t kBoldA = 0x1D400, kMonospaceSmallZ = 0x1D6A3;
  if (character >= kWideA && character <= kWideZ)
    return U'A' + (character - kWideA);
  if (character >= kWideSmallA && character <= kWideSmallZ)
    return U'a' + (character - kWideSmallA);
  if (character >= kBoldA && character <= kMonospaceSmallZ)
    return static_cast<char32_t>(in_alphabets(character - kBoldA));
  const auto* const known = std::ranges::find(kLookalikes, character, &Lookalike::letter);
  return known == kLookalikes.end() ? character : static_cast<char32_t>(known->latin);
}

}  // namespace

std::string with_latin_letters(std::string_view text) {
  if (is_ascii(text))
    return std::string(text);
  std::string out;
  for (const char32_t character : characters_of(text))
    append_utf8(out, latin_of(character));
  return out;
}

std::string with_narrow_forms(std::string_view text) {
  constexpr char32_t kFirst = 0xFF01, kLast = 0xFF5E, kBlank = 0x3000;
  if (is_ascii(text))
    return std::string(text);
  std::string out;
  for (const char32_t character : characters_of(text))
    append_utf8(out, character >= kFirst && character <= kLast ? U'!' + (character - kFirst)
                     : character == kBlank                     ? U' '
                                                               : character);
  return out;
}

std::string without_hidden(std::string_view text) {
  if (is_ascii(text))
    return std::string(text);
  std::string shown;
  for (const char32_t character : characters_of(text))
    if (kind_of(character) != CharacterKind::kInvisible)
      append_utf8(shown, character);
  return shown;
}

bool has_greek_or_cyrillic(std::string_view text) {
  constexpr char32_t kFirst = 0x0370, kLast = 0x052F;
  return !is_ascii(text) && std::ranges::any_of(characters_of(text), [](char32_t character) {
    return character >= kFirst && character <= kLast;
  });
}

}  // namespace nelumbo
