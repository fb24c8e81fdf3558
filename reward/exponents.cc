// SPDX-License-Identifier: Apache-2.0
#include "reward/exponents.h"

#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "base/ascii.h"

namespace nelumbo {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr size_t kMostDigits = 2;
constexpr std::array<std::string_view, 8> kTimes = {"×", "·",       "⋅",      "*",
                                                    "x", "\\times", "\\cdot", "X"};
constexpr std::array<std::string_view, 3> kMinus = {"-", "−", "–"};
constexpr std::array<Pair, 12> kRaised = {{{"⁰", "0"},
                                           {"¹", "1"},
                                           {"²", "2"},
                                           {"³", "3"},
                                           {"⁴", "4"},
                                           {"⁵", "5"},
                                           {"⁶", "6"},
                                           {"⁷", "7"},
                                           {"⁸", "8"},
                                           {"⁹", "9"},
                                           {"⁻", "-"},
                                           {"⁺", "+"}}};

/// A place in a text, moved over what stands there.
struct Cursor {
  std::string_view text;
  size_t at = 0;

  bool skip(std::string_view word) {
    const bool stands = text.substr(at).starts_with(word);
    at += stands ? word.size() : 0;
    return stands;
  }
  void skip_blanks() {
    while (skip(" ")) {
    }
  }
};

std::optional<std::string> raised(Cursor& cursor) {
  std::string exponent;
  for (bool found = true; found;) {
    found = false;
    for (const auto& [high, low] : kRaised)
      if (cursor.skip(high)) {
        exponent += low;
        found = true;
      }
  }
  return exponent.empty() ? std::nullopt : std::optional(std::move(exponent));
}

std::optional<std::string> written(Cursor& cursor) {
  if (!cursor.skip("^") && !cursor.skip("**"))
    return std::nullopt;
  cursor.skip_blanks();
  const std::string_view close = cursor.skip("{") ? "}" : (cursor.skip("(") ? ")" : "");
  std::string exponent;
  for (const std::string_view minus : kMinus)
    if (exponent.empty() && cursor.skip(minus))
      exponent = "-";
  if (exponent.empty())
    cursor.skip("+");
  while (cursor.at < cursor.text.size() && is_digit(cursor.text[cursor.at]))
    exponent += cursor.text[cursor.at++];
  return cursor.skip(close) ? std::optional(std::move(exponent)) : std::nullopt;
}

/// The exponent behind the 10 at the cursor, which is left behind it; none where no plain one is.
std::optional<std::string> exponent_at(Cursor& cursor) {
  cursor.at += std::string_view("10").size();
  cursor.skip_blanks();
  auto exponent = raised(cursor);
  if (!exponent)
    exponent = written(cursor);
  if (!exponent)
    return std::nullopt;
  const size_t sign = exponent->find_first_of("+-") == 0 ? 1 : 0;
  const size_t digits = exponent->size() - sign;
  if (digits == 0 || digits > kMostDigits ||
      exponent->find_first_not_of("0123456789", sign) != std::string::npos)
    return std::nullopt;
  const std::string_view rest = cursor.text.substr(cursor.at);
  const bool goes_on = !rest.empty() && (is_digit(rest[0]) || rest[0] == '^' || rest[0] == '!' ||
                                         (rest[0] == '.' && rest.size() > 1 && is_digit(rest[1])));
  return goes_on ? std::nullopt : exponent;
}

/// Where the blanks at the end of text[0, end) begin.
size_t before_blanks(std::string_view text, size_t end) {
  while (end > 0 && text[end - 1] == ' ')
    --end;
  return end;
}

/// Where the number ends that the 10 at `ten` multiplies; none where it multiplies something else,
/// or the number is itself a part of something.
std::optional<size_t> mantissa_end(std::string_view text, size_t ten) {
  size_t end = before_blanks(text, ten);
  for (const std::string_view times : kTimes) {
    if (!text.substr(0, end).ends_with(times))
      continue;
    end = before_blanks(text, end - times.size());
    size_t begin = end;
    while (begin > 0 &&
           (is_digit(text[begin - 1]) || text[begin - 1] == '.' || text[begin - 1] == ','))
      --begin;
    if (begin == end || !is_digit(text[end - 1]))
      return std::nullopt;
    size_t before = before_blanks(text, begin);
    if (before > 0 && (text[before - 1] == '-' || text[before - 1] == '+'))
      before = before_blanks(text, before - 1);
    const bool stands_alone =
        before == 0 || std::string_view("=(<>{[,;$").find(text[before - 1]) != std::string::npos;
    return stands_alone ? std::optional(end) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::string with_exponents(std::string_view text) {
  size_t ten = text.find("10");
  if (ten == std::string_view::npos)
    return std::string(text);
  std::string out;
  size_t copied = 0;
  while (ten != std::string_view::npos) {
    Cursor cursor{text, ten};
    const auto exponent = exponent_at(cursor);
    const auto end = exponent ? mantissa_end(text, ten) : std::nullopt;
    if (!end || *end < copied) {
      ten = text.find("10", ten + 1);
      continue;
    }
    out += text.substr(copied, *end - copied);
    out += 'e';
    out += *exponent;
    copied = cursor.at;
    ten = text.find("10", copied);
  }
  return out + std::string(text.substr(copied));
}

}  // namespace nelumbo
