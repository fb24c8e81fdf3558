// SPDX-License-Identifier: Apache-2.0
//
// Case as Python's str has it: Unicode's full mappings, where one letter may become several. The
// simple mappings are utf8proc's; the letters of SpecialCasing.txt that it leaves out and that
// occur in running text stand here, and so does the final sigma.
#include "model/jinja_case.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <utf8proc.h>

#include "model/jinja_text.h"

namespace nelumbo {
namespace {

constexpr std::array<std::pair<uint32_t, const char*>, 10> kUpperOfSeveral = {{
    {0xDF, "SS"},
    {0x149, "\u02BCN"},
    {0x1F0, "J\u030C"},
    {0x587, "\u0535\u0552"},
    {0xFB00, "FF"},
    {0xFB01, "FI"},
    {0xFB02, "FL"},
    {0xFB03, "FFI"},
    {0xFB04, "FFL"},
    {0xFB06, "ST"},
}};
constexpr std::array<std::pair<uint32_t, const char*>, 10> kTitleOfSeveral = {{
    {0xDF, "Ss"},
    {0x149, "\u02BCN"},
    {0x1F0, "J\u030C"},
    {0x587, "\u0535\u0582"},
    {0xFB00, "Ff"},
    {0xFB01, "Fi"},
    {0xFB02, "Fl"},
    {0xFB03, "Ffi"},
    {0xFB04, "Ffl"},
    {0xFB06, "St"},
}};
constexpr uint32_t kCapitalSigma = 0x3A3;
constexpr uint32_t kCapitalIWithDot = 0x130;

utf8proc_category_t category_of(uint32_t point) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(point));
}

bool is_cased(uint32_t point) {
  const auto category = category_of(point);
  return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LL ||
         category == UTF8PROC_CATEGORY_LT;
}

bool is_letter(uint32_t point) {
  const auto category = category_of(point);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool is_numeral(uint32_t point) {
  const auto category = category_of(point);
  return category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO;
}

std::string upper_of(uint32_t point) {
  for (const auto& [letter, several] : kUpperOfSeveral)
    if (letter == point)
      return several;
  return utf8_of(static_cast<uint32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(point))));
}

std::string title_of(uint32_t point) {
  for (const auto& [letter, several] : kTitleOfSeveral)
    if (letter == point)
      return several;
  return utf8_of(static_cast<uint32_t>(utf8proc_totitle(static_cast<utf8proc_int32_t>(point))));
}

/// Marks that Unicode looks through when it asks whether a sigma ends its word.
bool is_ignored(uint32_t point) {
  const auto category = category_of(point);
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME ||
         category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_LM ||
         category == UTF8PROC_CATEGORY_SK || point == '\'' || point == '.' || point == ':' ||
         point == 0xB7 || point == 0x2019;
}

/// Whether a sigma between these two texts ends its word.
bool is_final(std::string_view before, std::string_view behind) {
  while (!before.empty() && is_ignored(code_point_value(last_point(before))))
    before.remove_suffix(last_point(before).size());
  while (!behind.empty() && is_ignored(code_point_value(first_point(behind))))
    behind.remove_prefix(first_point(behind).size());
  return !before.empty() && is_cased(code_point_value(last_point(before))) &&
         (behind.empty() || !is_cased(code_point_value(first_point(behind))));
}

/// The lower case of a code point that is a part of `text`.
std::string lower_of(std::string_view text, std::string_view point) {
  const uint32_t value = code_point_value(point);
  if (value == kCapitalSigma) {
    const auto at = static_cast<size_t>(point.data() - text.data());
    return is_final(text.substr(0, at), text.substr(at + point.size())) ? "\u03C2" : "\u03C3";
  }
  if (value == kCapitalIWithDot)
    return "i\u0307";
  return utf8_of(static_cast<uint32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(value))));
}

template <class Holds>
bool all_points(std::string_view text, Holds holds) {
  for (const std::string_view point : code_points(text))
    if (!holds(code_point_value(point)))
      return false;
  return !text.empty();
}

/// At least one cased letter, and none in the other case.
bool is_all(std::string_view text, utf8proc_category_t wanted, utf8proc_category_t other) {
  bool found = false;
  for (const std::string_view point : code_points(text)) {
    const auto category = category_of(code_point_value(point));
    if (category == other || category == UTF8PROC_CATEGORY_LT)
      return false;
    found = found || category == wanted;
  }
  return found;
}

}  // namespace

uint32_t code_point_value(std::string_view bytes) {
  const auto at = [&](size_t i) {
    return static_cast<uint32_t>(static_cast<unsigned char>(bytes[i]));
  };
  if (bytes.size() <= 1)
    return bytes.empty() ? 0 : at(0);
  uint32_t value = at(0) & (0x7FU >> bytes.size());
  for (size_t i = 1; i < bytes.size(); ++i)
    value = value << 6 | (at(i) & 0x3FU);
  return value;
}

std::string python_upper(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const std::string_view point : code_points(text))
    out += upper_of(code_point_value(point));
  return out;
}

std::string python_lower(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const std::string_view point : code_points(text))
    out += lower_of(text, point);
  return out;
}

std::string capitalized(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const std::string_view point : code_points(text))
    out += point.data() == text.data() ? title_of(code_point_value(point)) : lower_of(text, point);
  return out;
}

std::string title_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool inside = false;
  for (const std::string_view point : code_points(text)) {
    const uint32_t value = code_point_value(point);
    out += inside ? lower_of(text, point) : title_of(value);
    inside = is_cased(value);
  }
  return out;
}

std::string swapped_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const std::string_view point : code_points(text)) {
    const uint32_t value = code_point_value(point);
    out += category_of(value) == UTF8PROC_CATEGORY_LU ? lower_of(text, point) : upper_of(value);
  }
  return out;
}

bool is_alphabetic(std::string_view text) {
  return all_points(text, is_letter);
}
bool is_decimal(std::string_view text) {
  return all_points(text, [](uint32_t p) { return category_of(p) == UTF8PROC_CATEGORY_ND; });
}
bool is_alphanumeric(std::string_view text) {
  return all_points(text, [](uint32_t p) { return is_letter(p) || is_numeral(p); });
}
bool is_all_space(std::string_view text) {
  return all_points(text, is_python_space);
}
bool is_lower(std::string_view text) {
  return is_all(text, UTF8PROC_CATEGORY_LL, UTF8PROC_CATEGORY_LU);
}
bool is_upper(std::string_view text) {
  return is_all(text, UTF8PROC_CATEGORY_LU, UTF8PROC_CATEGORY_LL);
}

}  // namespace nelumbo
