// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <utf8proc.h>

#include "model/jinja_case.h"

namespace nelumbo {
namespace {

int64_t width_at(std::string_view text, size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const int64_t width = lead < 0x80 ? 1 : (lead < 0xE0 ? 2 : (lead < 0xF0 ? 3 : 4));
  return std::min<int64_t>(width, std::ssize(text) - static_cast<int64_t>(at));
}

std::string_view last_point(std::string_view text) {
  size_t at = text.size() - 1;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U)
    --at;
  return text.substr(at);
}

bool is_space(std::string_view point) {
  return is_python_space(code_point_value(point));
}

template <class Stripped>
std::string_view strip_left_while(std::string_view text, Stripped stripped) {
  while (!text.empty()) {
    const std::string_view point = text.substr(0, static_cast<size_t>(width_at(text, 0)));
    if (!stripped(point))
      break;
    text.remove_prefix(point.size());
  }
  return text;
}

template <class Stripped>
std::string_view strip_right_while(std::string_view text, Stripped stripped) {
  while (!text.empty() && stripped(last_point(text)))
    text.remove_suffix(last_point(text).size());
  return text;
}

/// Whether a code point stands in `set`: whole code points, so a search for its bytes is enough.
auto in_set(std::string_view set) {
  return [set](std::string_view point) { return set.find(point) != std::string_view::npos; };
}

bool ends_line(uint32_t point) {
  return (point >= 0x0A && point <= 0x0D) || (point >= 0x1C && point <= 0x1E) || point == 0x85 ||
         point == 0x2028 || point == 0x2029;
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

std::vector<std::string_view> code_points(std::string_view text) {
  std::vector<std::string_view> points;
  for (size_t at = 0; at < text.size(); at += points.back().size())
    points.push_back(text.substr(at, static_cast<size_t>(width_at(text, at))));
  return points;
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

std::vector<std::string_view> split_at_space(std::string_view text, int64_t most) {
  std::vector<std::string_view> pieces;
  text = strip_left(text);
  while (!text.empty()) {
    if (most >= 0 && std::ssize(pieces) == most) {
      pieces.push_back(text);
      break;
    }
    const std::string_view rest =
        strip_left_while(text, [](auto point) { return !is_space(point); });
    pieces.push_back(text.substr(0, text.size() - rest.size()));
    text = strip_left(rest);
  }
  return pieces;
}

std::vector<std::string_view> split_at_space_from_end(std::string_view text, int64_t most) {
  std::vector<std::string_view> pieces;
  text = strip_right(text);
  while (!text.empty()) {
    if (most >= 0 && std::ssize(pieces) == most) {
      pieces.push_back(text);
      break;
    }
    const std::string_view rest =
        strip_right_while(text, [](auto point) { return !is_space(point); });
    pieces.push_back(text.substr(rest.size()));
    text = strip_right(rest);
  }
  std::reverse(pieces.begin(), pieces.end());
  return pieces;
}

std::vector<std::string_view> split_at(std::string_view text, std::string_view mark, int64_t most) {
  std::vector<std::string_view> pieces;
  for (size_t found = 0; most < 0 || std::ssize(pieces) < most;) {
    found = text.find(mark);
    if (found == std::string_view::npos)
      break;
    pieces.push_back(text.substr(0, found));
    text.remove_prefix(found + mark.size());
  }
  pieces.push_back(text);
  return pieces;
}

std::vector<std::string_view> split_at_from_end(std::string_view text, std::string_view mark,
                                                int64_t most) {
  std::vector<std::string_view> pieces;
  while (most < 0 || std::ssize(pieces) < most) {
    const size_t found = text.rfind(mark);
    if (found == std::string_view::npos)
      break;
    pieces.push_back(text.substr(found + mark.size()));
    text = text.substr(0, found);
  }
  pieces.push_back(text);
  std::reverse(pieces.begin(), pieces.end());
  return pieces;
}

std::vector<std::string_view> lines_of(std::string_view text, bool keep_ends) {
  std::vector<std::string_view> lines;
  size_t begin = 0;
  for (size_t at = 0; at < text.size();) {
    const auto width = static_cast<size_t>(width_at(text, at));
    if (!ends_line(code_point_value(text.substr(at, width)))) {
      at += width;
      continue;
    }
    const size_t end = at + (text.substr(at, 2) == "\r\n" ? 2 : width);
    lines.push_back(text.substr(begin, (keep_ends ? end : at) - begin));
    begin = at = end;
  }
  if (begin < text.size())
    lines.push_back(text.substr(begin));
  return lines;
}

std::string quoted(std::string_view text) {
  const bool doubled =
      text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos;
  const char quote = doubled ? '"' : '\'';
  std::string out(1, quote);
  for (const std::string_view point : code_points(text)) {
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
  return out + quote;
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
