// SPDX-License-Identifier: Apache-2.0
#include "reward/answers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/ascii.h"
#include "corpus/unicode.h"
#include "reward/emphasis.h"
#include "reward/exponents.h"
#include "reward/lookalikes.h"
#include "reward/plain_digits.h"

namespace nelumbo {

namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Whether the character that the byte `at` belongs to is one of a word: a letter or digit of any
/// script, or what nobody sees.
bool is_word_at(std::string_view text, size_t at) {
  constexpr size_t kLongest = 4;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
    --at;
  const CharacterKind kind = kind_of(characters_of(text.substr(at, kLongest)).front());
  return kind == CharacterKind::kLetter || kind == CharacterKind::kDigit ||
         kind == CharacterKind::kInvisible;
}

/// The text with no-break and other blanks of Unicode as plain ones.
std::string with_plain_blanks(std::string_view text) {
  if (is_ascii(text))
    return std::string(text);
  std::string plain;
  for (const char32_t character : characters_of(text))
    append_utf8(plain, kind_of(character) == CharacterKind::kSpace ? U' ' : character);
  return plain;
}

std::optional<double> plain_number(std::string_view text) {
  if (text.starts_with('+'))
    text.remove_prefix(1);
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value, std::chars_format::general);
  if (text.empty() || code != std::errc() || stop != end || !std::isfinite(value))
    return std::nullopt;
  return value;
}

/// Takes out the commas of "1,234,567"; none when they do not group thousands.
std::optional<std::string> without_commas(std::string_view text) {
  const size_t first = text.find(',');
  if (first == std::string_view::npos)
    return std::string(text);
  const size_t end = std::min(text.find('.'), text.size());
  std::string digits(text.substr(0, first));
  for (size_t at = first; at < end; at += 4) {
    if (text[at] != ',' || at + 4 > end)
      return std::nullopt;
    digits += text.substr(at + 1, 3);
  }
  const size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  if (first > sign + 3)
    return std::nullopt;
  return digits + std::string(text.substr(end));
}

/// A number's digits, and those below a slash.
struct WrittenNumber {
  std::string above;
  std::optional<std::string> below{};
  bool percent = false;
  std::string exponent{};  ///< "-10" of "1e-10"; empty where there is none
};

/// Takes the exponent off the end of a number; false where what stands there is none.
bool take_exponent(std::string& number, std::string& exponent) {
  constexpr size_t kMostDigits = 2;
  const size_t at = number.find('e');
  if (at == std::string::npos)
    return true;
  exponent = number.substr(at + 1);
  number.resize(at);
  if (exponent.starts_with('+'))
    exponent.erase(0, 1);
  const size_t sign = exponent.starts_with('-') ? 1 : 0;
  const size_t digits = exponent.size() - sign;
  return digits > 0 && digits <= kMostDigits && !number.empty() && number.back() != ' ' &&
         exponent.find_first_not_of("0123456789", sign) == std::string::npos;
}

std::optional<WrittenNumber> written_number(std::string_view text) {
  if (asks(text))
    return std::nullopt;
  std::string clean = with_exponents(with_plain_digits(normalized(without_emphasis(text))));
  WrittenNumber written;
  if (clean.ends_with('%')) {
    written.percent = true;
    clean.pop_back();
    clean = normalized(clean);
  }
  if (const size_t slash = clean.find('/'); slash != std::string::npos) {
    if (clean.find('e') != std::string::npos)
      return std::nullopt;
    written.above = normalized(clean.substr(0, slash));
    written.below = normalized(clean.substr(slash + 1));
    return written;
  }
  if (!take_exponent(clean, written.exponent))
    return std::nullopt;
  auto digits = without_commas(clean);
  if (!digits)
    return std::nullopt;
  written.above = std::move(*digits);
  return written;
}

/// Digits with a sign; decimals that would not fit are cut off.
std::optional<Rational> exact_decimal(std::string_view text) {
  constexpr size_t kMostDigits = 36;  // percent take two more
  if (text.starts_with('+'))
    text.remove_prefix(1);
  const bool minus = text.starts_with('-');
  if (minus)
    text.remove_prefix(1);
  const size_t point = std::min(text.find('.'), text.size());
  const size_t most = std::max(point, kMostDigits) + 1;
  if (text.find_first_not_of("0123456789", point + 1) != std::string_view::npos)
    return std::nullopt;
  const auto value = Rational::decimal(text.substr(0, most));
  return value && minus ? difference(Rational(0), *value) : value;
}

}  // namespace

std::string normalized(std::string_view text) {
  std::string out = normalized_in_case(text);
  std::ranges::transform(out, out.begin(), ascii_lower);
  return out;
}

std::string normalized_in_case(std::string_view text) {
  constexpr std::string_view kBefore = " \"'`", kBehind = " .,;:!?\"'`";
  std::string out = is_ascii(text) ? std::string(text) : nfc(with_narrow_forms(text));
  char* end = out.data();
  for (const char c : out)
    if (!is_blank(c))
      *end++ = c;
    else if (end > out.data() && end[-1] != ' ')
      *end++ = ' ';
  out.resize(static_cast<size_t>(end - out.data()));
  out.resize(out.find_last_not_of(kBehind) + 1);
  out.erase(0, out.find_first_not_of(kBefore));
  return out;
}

bool asks(std::string_view text) {
  constexpr std::array<std::string_view, 4> kMarks = {"?", "？", "؟", "⁇"};
  return std::ranges::any_of(
      kMarks, [&](std::string_view mark) { return text.find(mark) != std::string_view::npos; });
}

std::optional<double> number_of(std::string_view text) {
  const auto written = written_number(text);
  const auto above = written
                         ? plain_number(written->above +
                                        (written->exponent.empty() ? "" : "e" + written->exponent))
                         : std::nullopt;
  const auto below = above && written->below ? plain_number(*written->below) : std::optional(1.0);
  if (!above || !below || *below == 0)
    return std::nullopt;
  return *above / *below / (written->percent ? 100 : 1);
}

std::optional<Rational> exact_number_of(std::string_view text) {
  const auto written = written_number(text);
  const auto above = written ? exact_decimal(written->above) : std::nullopt;
  const auto below =
      above && written->below ? exact_decimal(*written->below) : std::optional(Rational(1));
  auto value = above && below ? quotient(*above, *below) : std::nullopt;
  if (value && !written->exponent.empty()) {
    const auto scale = power(Rational(10), std::stoll(written->exponent));
    value = scale ? product(*value, *scale) : std::nullopt;
  }
  return value && written->percent ? quotient(*value, Rational(100)) : value;
}

bool has_words(std::string_view text, std::string_view words) {
  const std::string wanted = normalized(with_plain_blanks(words));
  const std::string where = normalized(with_plain_blanks(text));
  if (wanted.empty())
    return false;
  for (size_t at = where.find(wanted); at != std::string::npos; at = where.find(wanted, at + 1)) {
    const size_t end = at + wanted.size();
    const bool starts = at == 0 || !is_word_at(where, at - 1) || !is_word_at(wanted, 0);
    const bool stops =
        end == where.size() || !is_word_at(where, end) || !is_word_at(wanted, wanted.size() - 1);
    if (starts && stops)
      return true;
  }
  return false;
}

std::string excerpt(std::string_view text, size_t most) {
  if (text.size() <= most)
    return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80)
    --most;
  return std::string(text.substr(0, most)) + "...";
}

std::string in_quotes(std::string_view text) {
  std::string quoted = "'";
  quoted += excerpt(text);
  quoted += '\'';
  return quoted;
}

}  // namespace nelumbo
