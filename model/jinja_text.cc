// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

#include <utf8proc.h>

#include "model/jinja_case.h"

namespace nelumbo {
namespace {

int64_t width_at(std::string_view text, size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const int64_t width = lead < 0x80 ? 1 : (lead < 0xE0 ? 2 : (lead < 0xF0 ? 3 : 4));
  return std::min<int64_t>(width, std::ssize(text) - static_cast<int64_t>(at));
}

bool is_space(std::string_view point) {
  return is_python_space(code_point_value(point));
}

template <class Stripped>
std::string_view strip_left_while(std::string_view text, const Stripped& stripped) {
  while (!text.empty()) {
    const std::string_view point = first_point(text);
    if (!stripped(point))
      break;
    text.remove_prefix(point.size());
  }
  return text;
}

template <class Stripped>
std::string_view strip_right_while(std::string_view text, const Stripped& stripped) {
  while (!text.empty() && stripped(last_point(text)))
    text.remove_suffix(last_point(text).size());
  return text;
}

/// Whether a code point stands in `set`.
auto in_set(std::string_view set) {
  std::vector<uint32_t> values;
  for (const std::string_view point : code_points(set))
    values.push_back(code_point_value(point));
  std::sort(values.begin(), values.end());
  return [values = std::move(values)](std::string_view point) {
    return std::binary_search(values.begin(), values.end(), code_point_value(point));
  };
}

/// The digits without the underscores between them; nothing when one stands elsewhere.
std::optional<std::string> without_underscores(std::string_view digits) {
  std::string plain;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (digits[i] != '_') {
      plain += digits[i];
      continue;
    }
    const bool between = i > 0 && i + 1 < digits.size() && std::isalnum(digits[i - 1]) != 0 &&
                         std::isalnum(digits[i + 1]) != 0;
    if (!between)
      return std::nullopt;
  }
  return plain;
}

bool is_printable(uint32_t point) {
  if (point == ' ')
    return true;
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(point));
  return category != UTF8PROC_CATEGORY_CN && category < UTF8PROC_CATEGORY_ZS;
}

std::string escaped(uint32_t point) {
  constexpr const char* kDigits = "0123456789abcdef";
  const int digits = point < 0x100 ? 2 : (point < 0x10000 ? 4 : 8);
  std::string text = digits == 2 ? "\\x" : (digits == 4 ? "\\u" : "\\U");
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
    text += kDigits[(point >> static_cast<unsigned>(shift)) & 15U];
  return text;
}

}  // namespace

std::string_view first_point(std::string_view text) {
  if (static_cast<unsigned char>(text[0]) < 0x80)
    return text.substr(0, 1);
  return text.substr(0, static_cast<size_t>(width_at(text, 0)));
}

std::string_view last_point(std::string_view text) {
  size_t at = text.size() - 1;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U)
    --at;
  return text.substr(at);
}

size_t bytes_of_points(std::string_view text, int64_t count) {
  size_t at = 0;
  for (; count > 0 && at < text.size(); --count)
    at += static_cast<size_t>(width_at(text, at));
  return at;
}

int64_t code_point_count(std::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

std::string utf8_of(uint32_t point) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto count = utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), bytes.data());
  return {bytes.begin(), bytes.begin() + count};
}

bool is_python_space(uint32_t point) {
  return (point >= 0x09 && point <= 0x0D) || (point >= 0x1C && point <= 0x20) || point == 0x85 ||
         point == 0xA0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200A) ||
         point == 0x2028 || point == 0x2029 || point == 0x202F || point == 0x205F ||
         point == 0x3000;
}

std::string_view strip_left(std::string_view text) {
  return strip_left_while(text, is_space);
}
std::string_view strip_right(std::string_view text) {
  return strip_right_while(text, is_space);
}
std::string_view strip_left(std::string_view text, std::string_view set) {
  return strip_left_while(text, in_set(set));
}
std::string_view strip_right(std::string_view text, std::string_view set) {
  return strip_right_while(text, in_set(set));
}

std::string_view take_chunk(std::string_view& text) {
  constexpr size_t kChunk = 4096;
  size_t end = std::min(kChunk, text.size());
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  end = std::max<size_t>(end, std::min<size_t>(text.size(), 1));
  const std::string_view chunk = text.substr(0, end);
  text.remove_prefix(end);
  return chunk;
}

void quote(std::string_view text, const std::function<bool(std::string_view)>& take) {
  const bool doubled =
      text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos;
  const char quote = doubled ? '"' : '\'';
  const std::string_view mark(&quote, 1);
  if (!take(mark))
    return;
  while (!text.empty()) {
    std::string out;
    for (const std::string_view point : code_points(take_chunk(text))) {
      const uint32_t value = code_point_value(point);
      if (value == static_cast<uint32_t>(quote) || value == '\\')
        (out += '\\') += point;
      else if (value == '\n' || value == '\r' || value == '\t')
        (out += '\\') += value == '\n' ? 'n' : (value == '\r' ? 'r' : 't');
      else if (is_printable(value))
        out += point;
      else
        out += escaped(value);
    }
    if (!take(out))
      return;
  }
  take(mark);
}

std::string quoted(std::string_view text) {
  std::string out;
  quote(text, [&](std::string_view part) {
    out += part;
    return true;
  });
  return out;
}

std::string quoted_briefly(std::string_view text) {
  constexpr int64_t kMost = 80;
  const size_t end = bytes_of_points(text, kMost);
  return quoted(text.substr(0, end)) + (end < text.size() ? "..." : "");
}

std::string real_text(double value) {
  if (std::isnan(value))
    return "nan";
  if (std::isinf(value))
    return value < 0 ? "-inf" : "inf";
  std::array<char, 400> buffer{};
  const double size = std::abs(value);
  const bool plain = size == 0 || (size >= 1e-4 && size < 1e16);
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format);
  std::string text(buffer.data(), end.ptr);
  if (plain && text.find('.') == std::string::npos)
    text += ".0";
  return text;
}

std::optional<int64_t> parse_integer(std::string_view text, int base) {
  text = strip_left(strip_right(text));
  const bool negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+'))
    text.remove_prefix(1);
  if (text.size() > 2 && text[0] == '0') {
    const char mark = static_cast<char>(std::tolower(text[1]));
    const int marked = mark == 'x' ? 16 : (mark == 'o' ? 8 : (mark == 'b' ? 2 : 10));
    if (marked != 10 && (base == marked || base == 0)) {
      base = marked;
      text.remove_prefix(text[2] == '_' ? 3 : 2);
    }
  }
  std::optional<std::string> digits = without_underscores(text);
  if (!digits || digits->empty() || std::isalnum(digits->front()) == 0)
    return std::nullopt;
  if (base == 0 && digits->front() == '0' && digits->find_first_not_of('0') != std::string::npos)
    return std::nullopt;
  if (negative)
    digits->insert(digits->begin(), '-');
  int64_t value = 0;
  const char* end = digits->data() + digits->size();
  const auto read = std::from_chars(digits->data(), end, value, base == 0 ? 10 : base);
  if (read.ec != std::errc() || read.ptr != end)
    return std::nullopt;
  return value;
}

std::optional<double> parse_real(std::string_view text) {
  text = strip_left(strip_right(text));
  const bool negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+'))
    text.remove_prefix(1);
  const std::string word = python_lower(text);
  double value = 0;
  if (word == "inf" || word == "infinity") {
    value = std::numeric_limits<double>::infinity();
  } else if (word == "nan") {
    value = std::numeric_limits<double>::quiet_NaN();
  } else {
    const std::optional<std::string> digits = without_underscores(text);
    if (!digits || digits->empty() ||
        digits->find_first_not_of("0123456789.eE+-") != std::string::npos ||
        digits->front() == '-' || digits->front() == '+')
      return std::nullopt;
    const char* end = digits->data() + digits->size();
    const auto read = std::from_chars(digits->data(), end, value);
    if (read.ptr != end || read.ec == std::errc::invalid_argument)
      return std::nullopt;
    if (read.ec == std::errc::result_out_of_range)
      value = digits->find("e-") != std::string::npos || digits->find("E-") != std::string::npos
                  ? 0
                  : std::numeric_limits<double>::infinity();
  }
  return negative ? -value : value;
}

}  // namespace nelumbo
