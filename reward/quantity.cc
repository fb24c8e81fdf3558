// SPDX-License-Identifier: Apache-2.0
#include "reward/quantity.h"

#include <algorithm>
#include <vector>

#include "reward/answers.h"
#include "reward/math_tokens.h"
#include "reward/math_value.h"

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
std::optional<std::pair<double, std::string>> split(const Ratio& ratio) {
  if (ratio.above.terms().size() > 1 || ratio.below.terms().size() != 1)
    return std::nullopt;
  if (ratio.above.is_zero())
    return std::pair(0.0, std::string());
  const auto units = [](const Monomial& monomial) {
    std::string text;
    for (const auto& [symbol, exponent] : monomial)
      text += symbol + (exponent == Rational(1) ? "" : "^" + exponent.text());
    return text;
  };
  const auto& [above, coefficient] = *ratio.above.terms().begin();
  const auto& [below, divisor] = *ratio.below.terms().begin();
  const std::string under = units(below);
  return std::pair(coefficient.to_double() / divisor.to_double(),
                   units(above) + (under.empty() ? "" : "/" + under));
}

}  // namespace

std::optional<Quantity> quantity_of(std::string_view text) {
  if (const auto plain = number_of(text)) {
    const bool percent = text.find('%') != std::string_view::npos;
    return Quantity{*plain, percent ? *plain * 100 : *plain, "", percent};
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
  return Quantity{value->first, face->to_double(), value->second, read.value().has_percent};
}

}  // namespace nelumbo
