// SPDX-License-Identifier: Apache-2.0
//
// The format is SentencePiece's (normalizer.cc): the trie's size in bytes as uint32, its units as
// uint32, then the replacements; all numbers little-endian. A unit of the trie (darts-clone) holds
//     bits 0-7 and 31: the label, bit 8: a value follows, bit 9: the offset is times 256,
//     bits 10-30: the offset, by exclusive or.
// Every index that comes out of the file is checked where it is used.

#include "model/charsmap.h"

#include <algorithm>

#include <utf8proc.h>

#include "base/base64.h"
#include "base/text.h"
#include "model/utf8.h"

namespace nelumbo {
namespace {

constexpr int64_t kLongestGrapheme = 5;
constexpr size_t kLongestReplacement = 256;
constexpr size_t kLargestMap = 16'777'216;

uint32_t little_endian(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t k = 0; k < 4; ++k)
    value |= static_cast<uint32_t>(static_cast<uint8_t>(bytes[at + k])) << (8 * k);
  return value;
}

uint32_t offset_of(uint32_t unit) {
  return unit >> 10 << ((unit & (1U << 9)) >> 6);
}

/// Where the grapheme that begins at `at` ends.
int64_t grapheme_end(std::string_view text, int64_t at) {
  utf8proc_int32_t state = 0;
  auto before = static_cast<utf8proc_int32_t>(code_point(text, at));
  at += character_size(text, at);
  while (at < std::ssize(text)) {
    const auto next = static_cast<utf8proc_int32_t>(code_point(text, at));
    if (utf8proc_grapheme_break_stateful(before, next, &state))
      break;
    before = next;
    at += character_size(text, at);
  }
  return at;
}

}  // namespace

Result<Charsmap> Charsmap::parse(std::string_view base64, const std::string& place) {
  const auto bytes = base64.size() <= kLargestMap ? from_base64(base64) : std::nullopt;
  if (!bytes)
    return Error{Errc::kBadData, place + ": precompiled_charsmap must be base64 of at most " +
                                     std::to_string(kLargestMap) + " characters"};
  const size_t size = bytes->size() < 4 ? 0 : little_endian(*bytes, 0);
  if (size == 0 || size % 4 != 0 || size > bytes->size() - 4)
    return Error{Errc::kBadData, place + ": precompiled_charsmap has no trie of the size it names"};
  Charsmap map;
  for (size_t at = 4; at < size + 4; at += 4)
    map.units_.push_back(little_endian(*bytes, at));
  map.replacements_ = bytes->substr(size + 4);
  size_t longest = 0;
  for (size_t at = 0, end = 0; at < map.replacements_.size(); at = end + 1) {
    end = std::min(map.replacements_.find('\0', at), map.replacements_.size());
    longest = std::max(longest, end - at);
  }
  if (longest > kLongestReplacement || invalid_utf8_at(map.replacements_))
    return Error{Errc::kBadData, place +
                                     ": a replacement of precompiled_charsmap must be UTF-8 of "
                                     "at most " +
                                     std::to_string(kLongestReplacement) + " bytes"};
  return map;
}

std::optional<std::string_view> Charsmap::replacement(std::string_view part) const {
  size_t at = offset_of(units_[0]);
  for (const char c : part) {
    const auto byte = static_cast<uint8_t>(c);
    at ^= byte;
    if (byte == 0 || at >= units_.size() || (units_[at] & (1U << 31 | 0xFF)) != byte)
      return std::nullopt;
    const uint32_t unit = units_[at];
    at ^= offset_of(unit);
    if ((unit >> 8 & 1) == 0)
      continue;
    const size_t begin = at < units_.size() ? units_[at] & ~(1U << 31) : replacements_.size();
    const bool is_inside = begin < replacements_.size();
    if (!is_inside || (static_cast<uint8_t>(replacements_[begin]) & 0xC0) == 0x80)
      return std::nullopt;
    return std::string_view(replacements_.c_str() + begin);
  }
  return std::nullopt;
}

std::string Charsmap::apply(std::string_view text) const {
  std::string made;
  made.reserve(text.size());
  for (int64_t at = 0; at < std::ssize(text);) {
    const int64_t end = grapheme_end(text, at);
    const auto whole =
        end - at <= kLongestGrapheme ? replacement(text.substr(at, end - at)) : std::nullopt;
    if (whole)
      made += *whole;
    for (int64_t next = at; next < end && !whole; next += character_size(text, next)) {
      const std::string_view character = text.substr(next, character_size(text, next));
      made += replacement(character).value_or(character);
    }
    at = end;
  }
  return made;
}

}  // namespace nelumbo
