// SPDX-License-Identifier: Apache-2.0
//
// UAX #15: decompose each character, put each run of marks in the order of their combining classes,
// compose. utf8proc orders by swapping neighbours, which is quadratic in a run; here a stable sort
// does it, and utf8proc decomposes and composes.

#include "model/normal_form.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include <utf8proc.h>

#include "base/check.h"
#include "model/utf8.h"

namespace nelumbo {
namespace {

/// The first byte of characters that NFC may change: U+0300 and above.
constexpr uint8_t kFirstUnstable = 0xCC;

bool is_stable(std::string_view text, NormalForm form) {
  const int first = form == NormalForm::kNfc ? kFirstUnstable : 0x80;
  return std::none_of(text.begin(), text.end(),
                      [&](char c) { return static_cast<uint8_t>(c) >= first; });
}

int combining_class(utf8proc_int32_t character) {
  return utf8proc_get_property(character)->combining_class;
}

std::vector<utf8proc_int32_t> decomposed(std::string_view text, bool compatibly) {
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE |
                                                      (compatibly ? UTF8PROC_COMPAT : 0));
  std::vector<utf8proc_int32_t> characters;
  characters.reserve(text.size());
  std::array<utf8proc_int32_t, 32> parts{};
  int boundary = 0;
  for (int64_t at = 0; at < std::ssize(text); at += character_size(text, at)) {
    const auto character = static_cast<utf8proc_int32_t>(code_point(text, at));
    const utf8proc_ssize_t count =
        utf8proc_decompose_char(character, parts.data(), std::ssize(parts), options, &boundary);
    NELUMBO_CHECK(count >= 0 && count <= std::ssize(parts)) << "decomposition of " << character;
    characters.insert(characters.end(), parts.begin(), parts.begin() + count);
  }
  return characters;
}

void order_marks(std::vector<utf8proc_int32_t>& characters) {
  for (auto begin = characters.begin(); begin != characters.end();) {
    const auto end =
        std::find_if(begin, characters.end(), [](auto c) { return combining_class(c) == 0; });
    std::stable_sort(begin, end,
                     [](auto a, auto b) { return combining_class(a) < combining_class(b); });
    begin = std::find_if(end, characters.end(), [](auto c) { return combining_class(c) != 0; });
  }
}

}  // namespace

std::string in_normal_form(std::string_view text, NormalForm form) {
  if (is_stable(text, form))
    return std::string(text);
  const bool compatibly = form == NormalForm::kNfkc || form == NormalForm::kNfkd;
  std::vector<utf8proc_int32_t> characters = decomposed(text, compatibly);
  order_marks(characters);
  if (form == NormalForm::kNfc || form == NormalForm::kNfkc) {
    const utf8proc_ssize_t size = utf8proc_normalize_utf32(
        characters.data(), std::ssize(characters),
        static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    NELUMBO_CHECK(size >= 0) << utf8proc_errmsg(size);
    characters.resize(size);
  }
  std::string made;
  made.reserve(text.size());
  for (const utf8proc_int32_t character : characters)
    append_utf8(static_cast<char32_t>(character), made);
  return made;
}

std::string in_lower_case(std::string_view text) {
  std::string made;
  made.reserve(text.size());
  for (int64_t at = 0; at < std::ssize(text); at += character_size(text, at)) {
    const char32_t character = code_point(text, at);
    // The one character whose lower case is two: an i that keeps its dot.
    if (character == U'\u0130')
      made += "i\u0307";
    else
      append_utf8(static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(character))),
                  made);
  }
  return made;
}

bool is_mark(char32_t character) {
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(character));
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
         category == UTF8PROC_CATEGORY_ME;
}

}  // namespace nelumbo
