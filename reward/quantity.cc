// SPDX-License-Identifier: Apache-2.0
#include "reward/quantity.h"

#include <algorithm>
#include <vector>

#include "base/ascii.h"
#include "base/text.h"
#include "reward/answers.h"
#include "reward/exponents.h"
#include "reward/lookalikes.h"
#include "reward/math_tokens.h"
#include "reward/math_value.h"
#include "reward/plain_digits.h"
#include "reward/units.h"

namespace nelumbo {

namespace {

using Kind = MathToken::Kind;

constexpr std::string_view kCelsius = "<celsius>";

/// Reads the tokens of a number as people write it:
///
///   written = [sign] [currency] amount ["%"] [units] {amount unit}
///   amount  = number ["/" number] | [number] fraction
///   units   = ["/"] unit ["^" number] {"/" unit ["^" number]}
///
/// So nothing is computed: no unit stands in front, but a sign of currency, then without another
/// behind; and nothing is divided but in a fraction of two numbers, or of two units.
class WrittenForm {
 public:
  /// `has_fractions`: a slash behind a number makes one; else it stands for "per".
  WrittenForm(const std::vector<MathToken>& tokens, bool has_fractions)
      : has_fractions_(has_fractions) {
    for (const MathToken& token : tokens)
      if (token.text != "{" && token.text != "}")
        tokens_.push_back(&token);
  }

  bool matches() {
    if (is("-") || is("+"))
      ++at_;
    const bool is_money = is_currency();
    at_ += is_money ? 1 : 0;
    if (!amount())
      return false;
    at_ += is("%") ? 1 : 0;
    if ((is_money && is(Kind::kUnit)) || !units())
      return false;
    parts_ = 1;
    for (; is(Kind::kNumber); ++parts_)
      if (!amount() || !is(Kind::kUnit) || !units())
        return false;
    return is(Kind::kEnd);
  }

  /// How many numbers stand there, each with its unit: 2 of "5 ft 10 in".
  size_t parts() const { return parts_; }

 private:
  const MathToken& token(size_t ahead = 0) const {
    return *tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  bool is(Kind kind, size_t ahead = 0) const { return token(ahead).kind == kind; }
  bool is(std::string_view mark, size_t ahead = 0) const {
    return is(Kind::kMark, ahead) && token(ahead).text == mark;
  }
  bool is_fraction_of(Kind kind, size_t ahead = 0) const {
    return is(Kind::kCommand, ahead) && token(ahead).text == "frac" && is(kind, ahead + 1) &&
           is(kind, ahead + 2);
  }
  bool is_currency() const {
    return is(Kind::kUnit) && (token().text == "$" || token().text == "€" || token().text == "£" ||
                               token().text == "¥");
  }

  bool amount() {
    const size_t whole = is(Kind::kNumber) ? 1 : 0;
    if (is_fraction_of(Kind::kNumber, whole)) {
      at_ += whole + 3;
      return true;
    }
    if (whole == 0)
      return false;
    const size_t numbers = is(Kind::kNumber, 1) ? 2 : 1;
    at_ += numbers;
    if (!is("/") || !is(Kind::kNumber, 1))
      return numbers == 1;
    at_ += 2;
    return has_fractions_;
  }

  bool units() {
    for (bool is_first = true; is("/") || is_first; is_first = false) {
      if (is_first && !is("/") && !is(Kind::kUnit) && !is_fraction_of(Kind::kUnit))
        return true;
      at_ += is("/") ? 1 : 0;
      if (is_fraction_of(Kind::kUnit))
        at_ += 3;
      else if (is(Kind::kUnit))
        at_ += 1;
      else
        return false;
      at_ += is("^") && is(Kind::kNumber, 1) ? 2 : 0;
    }
    return true;
  }

  std::vector<const MathToken*> tokens_;
  bool has_fractions_;
  size_t at_ = 0, parts_ = 0;
};

/// Whether a slash behind a number is one, and no "per" before the first of them.
bool has_fractions(std::string_view text) {
  const std::string low = normalized(text);
  const size_t per = low.find("per");
  return per == low.npos || low.substr(per).starts_with("percent") || low.find('/') < per;
}

/// The one coefficient of a number with units, and the units by themselves.
std::optional<std::pair<Rational, std::string>> split(const Ratio& ratio) {
  if (ratio.above.terms().size() > 1 || ratio.below.terms().size() != 1)
    return std::nullopt;
  if (ratio.above.is_zero())
    return std::pair(Rational(0), std::string());
  const auto units = [](const Monomial& monomial) {
    std::string text;
    for (const auto& [symbol, exponent] : monomial)
      text += symbol + (exponent == Rational(1) ? "" : "^" + exponent.text());
    return text;
  };
  const auto& [above, coefficient] = *ratio.above.terms().begin();
  const auto& [below, divisor] = *ratio.below.terms().begin();
  const std::string under = units(below);
  const auto value = quotient(coefficient, divisor);
  if (!value)
    return std::nullopt;
  return std::pair(*value, units(above) + (under.empty() ? "" : "/" + under));
}

/// The unit of 0, which has none as a product: of its one unit, where it has one.
std::string unit_of_zero(const std::vector<MathToken>& tokens) {
  std::string unit;
  for (const MathToken& token : tokens) {
    if (token.kind != Kind::kUnit)
      continue;
    const auto named = unit_named(token.text);
    if (!unit.empty() || !named || named->exponent != 1)
      return "";
    unit = "<" + named->base + ">";
  }
  return unit;
}

/// The same in °C where it is a temperature; none where it leaves 128 bits.
std::optional<Quantity> in_celsius(Quantity read) {
  const bool fahrenheit = read.unit == "<fahrenheit>";
  if (!fahrenheit && read.unit != "<kelvin>")
    return read;
  const auto zero = fahrenheit ? Rational(32) : *Rational::of(27'315, 100);
  const auto degrees = difference(read.value, zero);
  const auto value = degrees && fahrenheit ? product(*degrees, *Rational::of(5, 9)) : degrees;
  if (!value)
    return std::nullopt;
  read.value = *value;
  read.unit = kCelsius;
  return read;
}

}  // namespace

std::optional<Quantity> quantity_of(std::string_view written) {
  const std::string text = with_exponents(with_plain_digits(with_narrow_forms(written)));
  if (const auto plain = exact_number_of(text)) {
    const bool percent = text.find('%') != std::string::npos;
    const auto face = percent ? product(*plain, Rational(100)) : plain;
    return face ? std::optional(Quantity{*plain, *face, "", percent}) : std::nullopt;
  }
  const auto tokens = math_tokens(text, true);
  if (!tokens)
    return std::nullopt;
  WrittenForm form(tokens.value(), has_fractions(text));
  if (!form.matches())
    return std::nullopt;
  const auto read = read_math(tokens.value());
  if (!read || read.value().value.shape != MathValue::Shape::kNumber)
    return std::nullopt;
  const auto value = split(read.value().value.ratio);
  const auto face =
      form.parts() == 1 ? read.value().face.ratio.constant() : std::optional<Rational>();
  if (!value || (form.parts() == 1 && !face))
    return std::nullopt;
  return in_celsius({value->first, face,
                     value->first.is_zero() ? unit_of_zero(tokens.value()) : value->second,
                     read.value().has_percent});
}

bool is_temperature(const Quantity& quantity) {
  return quantity.unit == kCelsius;
}

std::optional<Quantity> temperature_of(std::string_view text) {
  if (auto read = quantity_of(text))
    return read;
  std::string_view number = trimmed(text);
  if (number.ends_with('.'))
    number.remove_suffix(1);
  const char scale = number.empty() ? ' ' : number.back();
  if (scale != 'C' && scale != 'F')
    return std::nullopt;
  number.remove_suffix(1);
  if (number.empty() || !(is_digit(number.back()) || number.back() == ' '))
    return std::nullopt;
  return quantity_of(std::string(number) + "°" + scale);
}

}  // namespace nelumbo
