// SPDX-License-Identifier: Apache-2.0
#include "reward/quantity.h"

#include <algorithm>
#include <vector>

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

/// Whether it is written, not computed: no product, no root, no power but of a unit, and no sign
/// but the first; nor a unit twice, as in "5 km km".
bool is_written(const std::vector<MathToken>& tokens) {
  for (size_t i = 0; i < tokens.size(); ++i) {
    const MathToken& token = tokens[i];
    const bool first = i == 0 || (i == 1 && tokens[0].text == "{");
    switch (token.kind) {
      case Kind::kUnit:
        if (i > 0 && tokens[i - 1].kind == Kind::kUnit)
          return false;
        break;
      case Kind::kNumber:
      case Kind::kEnd:
        break;
      case Kind::kCommand:
        if (token.text != "frac")
          return false;
        break;
      case Kind::kMark:
        if (token.text == "^"
                ? i == 0 || tokens[i - 1].kind != Kind::kUnit
                : !(token.text == "{" || token.text == "}" || token.text == "/" ||
                    token.text == "%" || (first && (token.text == "-" || token.text == "+"))))
          return false;
        break;
      default:
        return false;
    }
  }
  return true;
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
  read.unit = "<celsius>";
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
  if (!tokens || !is_written(tokens.value()))
    return std::nullopt;
  const auto read = read_math(tokens.value());
  if (!read || read.value().value.shape != MathValue::Shape::kNumber)
    return std::nullopt;
  const auto value = split(read.value().value.ratio);
  const auto face = read.value().face.ratio.constant();
  if (!value || !face)
    return std::nullopt;
  return in_celsius({value->first, *face,
                     value->first.is_zero() ? unit_of_zero(tokens.value()) : value->second,
                     read.value().has_percent});
}

}  // namespace nelumbo
