// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_literals.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

#include "model/jinja_text.h"

namespace nelumbo {
namespace {

/// Bytes of `digit (_? digit)*` from `at`.
template <class IsDigit>
size_t digits(std::string_view text, size_t at, IsDigit is_digit) {
  size_t end = at;
  while (end < text.size()) {
    const size_t next = end + static_cast<size_t>(end > at && text[end] == '_');
    if (next >= text.size() || !is_digit(static_cast<unsigned char>(text[next])))
      break;
    end = next + 1;
  }
  return end - at;
}

size_t decimals(std::string_view text, size_t at) {
  return digits(text, at, [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::string plain(std::string_view text) {
  std::string out(text);
  out.erase(std::remove(out.begin(), out.end(), '_'), out.end());
  return out;
}

/// Bytes of the float in front; 0 where there is none.
size_t real_length(std::string_view text) {
  const size_t whole = decimals(text, 0);
  size_t end = whole;
  if (end < text.size() && text[end] == '.') {
    const size_t fraction = decimals(text, end + 1);
    end += fraction > 0 ? fraction + 1 : 0;
  }
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    const bool has_sign = end + 1 < text.size() && (text[end + 1] == '+' || text[end + 1] == '-');
    const size_t begin = end + 1 + static_cast<size_t>(has_sign);
    const size_t exponent = decimals(text, begin);
    if (exponent > 0)
      return begin + exponent;
  }
  return end > whole ? end : 0;
}

/// The base that a prefix such as 0x says, and bytes of the whole literal; 10 where there is none.
int prefixed_base(std::string_view text, size_t& length) {
  if (text.size() < 3 || text[0] != '0')
    return 10;
  const char mark = static_cast<char>(std::tolower(static_cast<unsigned char>(text[1])));
  const int base = mark == 'x' ? 16 : (mark == 'o' ? 8 : (mark == 'b' ? 2 : 10));
  if (base == 10)
    return 10;
  const size_t begin = text[2] == '_' ? 3 : 2;
  const size_t count = digits(text, begin, [base](unsigned char c) {
    const int value = std::isdigit(c) != 0 ? c - '0' : std::tolower(c) - 'a' + 10;
    return std::isalnum(c) != 0 && value < base;
  });
  if (count == 0)
    return 10;
  length = begin + count;
  return base;
}

/// `count` hexadecimal digits, as a code point.
std::optional<uint32_t> hexadecimal(std::string_view digits, size_t count) {
  uint32_t value = 0;
  if (digits.size() < count)
    return std::nullopt;
  const auto read = std::from_chars(digits.data(), digits.data() + count, value, 16);
  if (read.ec != std::errc() || read.ptr != digits.data() + count)
    return std::nullopt;
  return value;
}

std::optional<char> simple_escape(char letter) {
  constexpr std::string_view kLetters = "\\'\"abfnrtv";
  constexpr std::string_view kMeant = "\\'\"\a\b\f\n\r\t\v";
  const size_t found = kLetters.find(letter);
  return found == std::string_view::npos ? std::nullopt : std::optional(kMeant[found]);
}

}  // namespace

JinjaNumber read_jinja_number(std::string_view text, bool may_be_real) {
  JinjaNumber number;
  number.length = may_be_real ? real_length(text) : 0;
  if (number.length > 0) {
    number.is_real = true;
    number.real = parse_real(plain(text.substr(0, number.length))).value_or(0);
    return number;
  }
  const int base = prefixed_base(text, number.length);
  if (base == 10)  // as in Python, 007 is no number: the zeros end it
    number.length = text[0] == '0' ? digits(text, 0, [](unsigned char c) { return c == '0'; })
                                   : decimals(text, 0);
  std::string all = plain(text.substr(0, number.length));
  if (base != 10)
    all.erase(0, 2);
  const auto read = std::from_chars(all.data(), all.data() + all.size(), number.integer, base);
  number.fits = read.ec == std::errc();
  return number;
}

Result<std::string> unescape_jinja_string(std::string_view text) {
  const auto bad = [](const std::string& what) { return Error{Errc::kBadData, what}; };
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      out += text[i];
      continue;
    }
    const char letter = text[++i];
    if (letter == '\n')
      continue;
    if (const std::optional<char> meant = simple_escape(letter)) {
      out += *meant;
    } else if (letter >= '0' && letter <= '7') {
      uint32_t value = 0;
      size_t end = i;
      for (; end < std::min(i + 3, text.size()) && text[end] >= '0' && text[end] <= '7'; ++end)
        value = value * 8 + static_cast<uint32_t>(text[end] - '0');
      i = end - 1;
      out += utf8_of(value);
    } else if (letter == 'x' || letter == 'u' || letter == 'U') {
      const size_t count = letter == 'x' ? 2 : (letter == 'u' ? 4 : 8);
      const std::optional<uint32_t> value = hexadecimal(text.substr(i + 1), count);
      if (!value || *value > 0x10FFFF)
        return bad(std::string("a truncated or illegal \\") + letter + " escape in a string");
      if (*value >= 0xD800 && *value <= 0xDFFF)
        return bad("half a surrogate pair in a string");
      out += utf8_of(*value);
      i += count;
    } else if (letter == 'N') {
      return bad("the escape \\N is not supported");
    } else {
      (out += '\\') += letter;
    }
  }
  return out;
}

}  // namespace nelumbo
