// SPDX-License-Identifier: Apache-2.0
#include "reward/math_operations.h"

#include <algorithm>
#include <array>
#include <utility>

#include "reward/units.h"

namespace nelumbo {

namespace {

constexpr int64_t kMostPower = 1000, kMostFactorial = 30, kMostChosen = 60;
constexpr int64_t kMostRoot = 12;

/// A whole number of small size.
std::optional<int64_t> small_whole(const Ratio& value, int64_t most) {
  const auto number = value.constant();
  if (!number || !number->is_whole() || number->numerator() > most || number->numerator() < -most)
    return std::nullopt;
  return static_cast<int64_t>(number->numerator());
}

std::optional<Ratio> symbol_for(const Ratio& base, const Ratio& exponent) {
  const auto made =
      Polynomial::power_of("pow(" + base.text() + ";" + exponent.text() + ")", Rational(1));
  return made ? std::optional(Ratio{*made}) : std::nullopt;
}

}  // namespace

std::optional<Ratio> power_of(const Ratio& base, const Ratio& exponent) {
  if (base.above.has("inf") || exponent.above.has("inf"))
    return std::nullopt;
  const auto number = exponent.constant();
  if (!number)
    return base.above.is_zero() ? std::nullopt : symbol_for(base, exponent);
  if (number->is_whole()) {
    const auto whole = small_whole(exponent, kMostPower);
    return whole ? power(base, *whole) : std::nullopt;
  }
  if (number->denominator() > kMostRoot || number->numerator() > kMostPower ||
      number->numerator() < -kMostPower)
    return std::nullopt;
  if (const auto value = base.constant())
    return root_of(*value, *number);
  const auto symbol = base.above.symbol();
  if (symbol && (*symbol == "pi" || *symbol == "e") && base.below.constant() == Rational(1)) {
    const auto made = Polynomial::power_of(*symbol, *number);
    return made ? std::optional(Ratio{*made}) : std::nullopt;
  }
  return symbol_for(base, exponent);
}

std::optional<Ratio> factorial(const Ratio& of) {
  const auto n = small_whole(of, kMostFactorial);
  if (!n || *n < 0)
    return std::nullopt;
  std::optional<Rational> value = Rational(1);
  for (int64_t i = 2; i <= *n && value; ++i)
    value = product(*value, Rational(i));
  return value ? std::optional(Ratio{Polynomial(*value)}) : std::nullopt;
}

std::optional<Ratio> binomial(const Ratio& of, const Ratio& chosen) {
  const auto n = small_whole(of, kMostChosen);
  const auto k = small_whole(chosen, kMostChosen);
  if (!n || !k || *k < 0 || *k > *n)
    return std::nullopt;
  std::optional<Rational> value = Rational(1);
  for (int64_t i = 1; i <= *k && value; ++i)
    value = product(*value, *Rational::of(*n - *k + i, i));
  return value ? std::optional(Ratio{Polynomial(*value)}) : std::nullopt;
}

std::optional<Ratio> unit_value(const std::string& unit) {
  const auto known = unit_named(unit);
  if (!known)
    return std::nullopt;
  if (known->base == "m/s") {
    const auto length = Polynomial::power_of("<m>", Rational(1));
    const auto time = Polynomial::power_of("<s>", Rational(1));
    return Ratio{*length->times(known->factor), *time};
  }
  const auto base = Polynomial::power_of("<" + known->base + ">", Rational(known->exponent));
  const auto scaled = base ? base->times(known->factor) : std::nullopt;
  return scaled ? std::optional(Ratio{*scaled}) : std::nullopt;
}

bool is_relation(std::string_view mark) {
  constexpr std::array<std::string_view, 7> kMarks = {"=", "<", ">", "<=", ">=", "!=", "in"};
  return std::ranges::find(kMarks, mark) != kMarks.end();
}

bool turn_around(std::vector<std::string> marks, MathValue& relation) {
  if (marks.front().starts_with('>')) {
    std::ranges::reverse(marks);
    std::ranges::reverse(relation.parts);
    for (std::string& mark : marks) {
      if (!mark.starts_with('>'))
        return false;
      mark[0] = '<';
    }
  }
  relation.label = marks.front();
  const bool ordered = relation.label.starts_with('<');
  for (size_t i = 1; i < marks.size(); ++i) {
    if (marks[i] != marks[0] && (!ordered || !marks[i].starts_with('<') || marks.size() > 2))
      return false;
    if (marks[i] != marks[0])
      relation.label += " " + marks[i];
  }
  return true;
}

MathValue both(MathValue plus, MathValue minus) {
  MathValue all{MathValue::Shape::kList, {}, "{}", {}};
  const bool lists = plus.shape == MathValue::Shape::kList && plus.label == "{}" &&
                     minus.shape == MathValue::Shape::kList && minus.label == "{}";
  if (!lists) {
    all.parts = {std::move(plus), std::move(minus)};
    return all;
  }
  all.parts = std::move(plus.parts);
  for (MathValue& part : minus.parts) {
    const bool known = std::ranges::any_of(all.parts, [&](const MathValue& other) {
      return other.shape == MathValue::Shape::kNumber && part.shape == other.shape &&
             other.ratio.equals(part.ratio).value_or(false);
    });
    if (!known)
      all.parts.push_back(std::move(part));
  }
  return all;
}

}  // namespace nelumbo
