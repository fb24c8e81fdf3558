// SPDX-License-Identifier: Apache-2.0
#include "corpus/unicode.h"

#include <cstdlib>
#include <memory>
#include <utility>

#include <utf8proc.h>

#include "base/check.h"
#include "base/text.h"

namespace nelumbo {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

struct FreeBytes {
  void operator()(utf8proc_uint8_t* bytes) const { std::free(bytes); }  // NOLINT: utf8proc's own
};

utf8proc_int32_t code(char32_t character) {
  return static_cast<utf8proc_int32_t>(character);
}

char32_t lower(char32_t character) {
  if (character < 0x80)
    return character >= 'A' && character <= 'Z' ? character + 32 : character;
  return static_cast<char32_t>(utf8proc_tolower(code(character)));
}

}  // namespace

CharacterKind kind_of(char32_t character) {
  const auto category = utf8proc_category(code(character));
  switch (category) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
      return CharacterKind::kLetter;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return CharacterKind::kDigit;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return CharacterKind::kSpace;
    case UTF8PROC_CATEGORY_CF:
      return CharacterKind::kInvisible;
    case UTF8PROC_CATEGORY_CC:
      return character == '\n' || character == '\t' || character == '\r' ? CharacterKind::kSpace
                                                                         : CharacterKind::kControl;
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CS:
      return CharacterKind::kControl;
    case UTF8PROC_CATEGORY_SM:
    case UTF8PROC_CATEGORY_SC:
    case UTF8PROC_CATEGORY_SK:
    case UTF8PROC_CATEGORY_SO:
      return CharacterKind::kSymbol;
    default:
      return CharacterKind::kPunctuation;
  }
}

bool is_latin(char32_t character) {
  if (character < 0x80)
    return (character | 32) >= 'a' && (character | 32) <= 'z';
  const bool in_block =
      (character >= 0xC0 && character <= 0x24F) || (character >= 0x1E00 && character <= 0x1EFF) ||
      (character >= 0xFB00 && character <= 0xFB06) || (character >= 0x300 && character <= 0x36F);
  return in_block && kind_of(character) == CharacterKind::kLetter;
}

std::vector<char32_t> characters_of(std::string_view text) {
  std::vector<char32_t> characters;
  characters.reserve(text.size());
  while (!text.empty()) {
    utf8proc_int32_t character = 0;
    const utf8proc_ssize_t used =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                         static_cast<utf8proc_ssize_t>(text.size()), &character);
    characters.push_back(used > 0 ? static_cast<char32_t>(character) : kReplacement);
    text.remove_prefix(used > 0 ? static_cast<size_t>(used) : 1);
  }
  return characters;
}

void append_utf8(std::string& text, char32_t character) {
  utf8proc_uint8_t bytes[4];
  const utf8proc_ssize_t size = utf8proc_encode_char(code(character), bytes);
  text.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
}

std::string utf8_of(const std::vector<char32_t>& characters) {
  std::string text;
  text.reserve(characters.size());
  for (const char32_t character : characters)
    append_utf8(text, character);
  return text;
}

std::string nfc(std::string_view text) {
  const std::string valid = valid_utf8(text);
  utf8proc_uint8_t* composed = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(valid.data()),
                   static_cast<utf8proc_ssize_t>(valid.size()), &composed,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, FreeBytes> owner(composed);
  NELUMBO_CHECK(size >= 0) << utf8proc_errmsg(size);
  return {reinterpret_cast<const char*>(composed), static_cast<size_t>(size)};
}

std::string lower_case(std::string_view text) {
  std::string lowered;
  lowered.reserve(text.size());
  for (const char32_t character : characters_of(text))
    append_utf8(lowered, lower(character));
  return lowered;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char32_t character : characters_of(text)) {
    const CharacterKind kind = kind_of(character);
    if (kind == CharacterKind::kLetter || kind == CharacterKind::kDigit)
      append_utf8(word, lower(character));
    else if (!word.empty())
      words.push_back(std::exchange(word, {}));
  }
  if (!word.empty())
    words.push_back(std::move(word));
  return words;
}

}  // namespace nelumbo
