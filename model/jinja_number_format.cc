// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_number_format.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdio>

#include "model/jinja_print.h"
#include "model/jinja_text.h"

namespace nelumbo {
namespace {

constexpr int64_t kMostDigits = 1000;

JinjaValue failed(JinjaRun& run, const char* why) {
  return jinja_str(run, run.fail(why));
}

bool is_capital(char type) {
  return std::isupper(static_cast<unsigned char>(type)) != 0;
}

void raise_letters(std::string& text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
}

std::string digits_of(uint64_t value, unsigned base) {
  std::string digits;
  do {
    digits += "0123456789abcdef"[value % base];
    value /= base;
  } while (value > 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

/// Puts marks between groups of the digits in front of the point.
std::string grouped(const std::string& digits, char mark, size_t size) {
  if (mark == 0)
    return digits;
  size_t whole = digits.find_first_not_of("0123456789abcdefABCDEF");
  whole = std::min(whole, digits.size());
  std::string out;
  for (size_t i = 0; i < whole; ++i) {
    if (i > 0 && (whole - i) % size == 0)
      out += mark;
    out += digits[i];
  }
  return out + digits.substr(whole);
}

std::string sign_of(bool negative, char sign) {
  if (negative)
    return "-";
  return sign == '-' ? "" : std::string(1, sign);
}

std::string printed(const char* format, int64_t precision, double value) {
  std::array<char, 1500> text{};
  // NOLINTNEXTLINE(clang-diagnostic-format-nonliteral): one of the formats below.
  const int length =
      std::snprintf(text.data(), text.size(), format, static_cast<int>(precision), value);
  return {text.data(), static_cast<size_t>(length)};
}

std::string real_digits(double size, const JinjaLayout& layout) {
  const int64_t precision = layout.precision < 0 ? 6 : layout.precision;
  switch (std::tolower(static_cast<unsigned char>(layout.type))) {
    case 'e':
      return printed(layout.alternate ? "%#.*e" : "%.*e", precision, size);
    case 'f':
      return printed(layout.alternate ? "%#.*f" : "%.*f", precision, size);
    case '%':
      return printed("%.*f", precision, size * 100) + "%";
    case 'g':
      return printed(layout.alternate ? "%#.*g" : "%.*g", std::max<int64_t>(precision, 1), size);
    default:
      break;
  }
  if (layout.precision < 0)
    return real_text(size);
  std::string text = printed("%.*g", std::max<int64_t>(precision, 1), size);
  if (text.find_first_of(".e") == std::string::npos)
    text += ".0";
  return text;
}

}  // namespace

JinjaValue jinja_filled(JinjaRun& run, std::string_view head, std::string_view body,
                        const JinjaLayout& layout, char own_align) {
  const int64_t length = code_point_count(head) + code_point_count(body);
  const int64_t missing = std::max<int64_t>(layout.width - length, 0);
  // A fill has 4 bytes at most.
  if (missing > run.limits().memory_bytes / 4 ||
      !run.fits(4 * missing + std::ssize(head) + std::ssize(body)))
    return failed(run, "a width is too large");
  const char align = layout.align != 0 ? layout.align : own_align;
  const int64_t half = missing / 2 + (layout.odd_in_front ? missing & layout.width & 1 : 0);
  const int64_t front = align == '<' || align == '=' ? 0 : (align == '^' ? half : missing);
  std::string text;
  text.reserve(head.size() + body.size() + layout.fill.size() * static_cast<size_t>(missing));
  const auto fill = [&](int64_t count) {
    for (int64_t i = 0; i < count; ++i)
      text += layout.fill;
  };
  fill(front);
  text += head;
  fill(align == '=' ? missing : 0);
  text += body;
  fill(align == '=' ? 0 : missing - front);
  run.scan(std::ssize(text));
  return jinja_str(run, run.text(std::move(text)));
}

JinjaValue jinja_format_integer(JinjaRun& run, int64_t value, const JinjaLayout& layout) {
  const char type = static_cast<char>(std::tolower(static_cast<unsigned char>(layout.type)));
  const unsigned base = type == 'x' ? 16 : (type == 'o' ? 8 : (type == 'b' ? 2 : 10));
  const uint64_t size =
      value < 0 ? uint64_t{0} - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  std::string digits = digits_of(size, base);
  if (layout.precision > kMostDigits)
    return failed(run, "a precision is too large");
  if (layout.precision > std::ssize(digits))
    digits.insert(0, static_cast<size_t>(layout.precision) - digits.size(), '0');
  std::string prefix = layout.alternate && base != 10 ? std::string("0") + type : "";
  if (is_capital(layout.type)) {
    raise_letters(digits);
    raise_letters(prefix);
  }
  digits = grouped(digits, layout.group, base == 10 ? 3 : 4);
  return jinja_filled(run, sign_of(value < 0, layout.sign) + prefix, digits, layout, '>');
}

JinjaValue jinja_format_real(JinjaRun& run, double value, const JinjaLayout& layout) {
  if (layout.precision > kMostDigits)
    return failed(run, "a precision is too large");
  const bool negative = std::signbit(value) && !std::isnan(value);
  std::string digits;
  if (std::isfinite(value))
    digits = grouped(real_digits(std::abs(value), layout), layout.group, 3);
  else
    digits = std::string(std::isnan(value) ? "nan" : "inf") + (layout.type == '%' ? "%" : "");
  if (is_capital(layout.type))
    raise_letters(digits);
  return jinja_filled(run, sign_of(negative, layout.sign), digits, layout, '>');
}

JinjaValue jinja_format_text(JinjaRun& run, std::string_view text, const JinjaLayout& layout) {
  const size_t end = layout.precision < 0 ? text.size() : bytes_of_points(text, layout.precision);
  return jinja_filled(run, "", text.substr(0, end), layout, '<');
}

}  // namespace nelumbo
