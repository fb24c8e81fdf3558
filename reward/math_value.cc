// SPDX-License-Identifier: Apache-2.0
#include "reward/math_value.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "reward/math_operations.h"
#include "reward/math_parser.h"

namespace nelumbo {

namespace {

using Shape = MathValue::Shape;

constexpr size_t kMostParts = 64;

bool same(const MathValue& truth, const MathValue& answer, const MathRules& rules);

bool is_set(const MathValue& value) {
  return value.shape == Shape::kList && (value.label == "{}" || value.label == "cup");
}

/// x, or f(x), which reads as f times x: what stands left of a value that is given a name.
bool is_name(const MathValue& value) {
  if (value.shape != Shape::kNumber || value.ratio.below.constant() != Rational(1))
    return false;
  const auto& terms = value.ratio.above.terms();
  if (terms.size() != 1 || terms.begin()->second != Rational(1) || terms.begin()->first.empty())
    return false;
  return std::ranges::all_of(terms.begin()->first, [](const auto& factor) {
    return factor.second == Rational(1) && factor.first.find_first_of("#<(;") == std::string::npos;
  });
}

/// The value that "x = 1/2 = 0.5" or "1/2 = 0.5" gives; the relation itself where it gives none,
/// and the one item of a set that has one.
const MathValue& unwrapped(const MathValue& value) {
  if (is_set(value) && value.parts.size() == 1)
    return unwrapped(value.parts.front());
  if (value.shape != Shape::kRelation || (value.label != "=" && value.label != "in"))
    return value;
  if (value.label == "in")
    return is_name(value.parts.front()) ? value.parts.back() : value;
  for (size_t i = is_name(value.parts.front()) ? 1 : 0; i + 1 < value.parts.size(); ++i)
    if (!same(value.parts[i], value.parts[i + 1], {}))
      return value;
  return value.parts.back();
}

bool same_numbers(const Ratio& truth, const Ratio& answer, double relative) {
  if (truth.equals(answer).value_or(false))
    return true;
  const auto right = relative > 0 ? truth.approximate() : std::nullopt;
  const auto said = right ? answer.approximate() : std::nullopt;
  return said && std::abs(*said - *right) <= relative * std::abs(*right);
}

bool same_in_order(const MathValue& truth, const MathValue& answer, const MathRules& rules) {
  if (truth.label != answer.label || truth.parts.size() != answer.parts.size())
    return false;
  for (size_t i = 0; i < truth.parts.size(); ++i)
    if (!same(truth.parts[i], answer.parts[i], rules))
      return false;
  return true;
}

/// Each part of one is the same as one part of the other, and none is used twice.
bool same_sets(const MathValue& truth, const MathValue& answer, const MathRules& rules) {
  if (truth.parts.size() != answer.parts.size() || truth.parts.size() > kMostParts)
    return false;
  std::vector<bool> used(answer.parts.size());
  return std::ranges::all_of(truth.parts, [&](const MathValue& part) {
    for (size_t i = 0; i < used.size(); ++i) {
      if (used[i] || !same(part, answer.parts[i], rules))
        continue;
      used[i] = true;
      return true;
    }
    return false;
  });
}

/// Left minus right.
std::optional<Ratio> gap(const MathValue& relation) {
  if (relation.parts.size() != 2)
    return std::nullopt;
  for (const MathValue& part : relation.parts)
    if (part.shape != Shape::kNumber)
      return std::nullopt;
  const auto minus = negative(relation.parts[1].ratio);
  return minus ? sum(relation.parts[0].ratio, *minus) : std::nullopt;
}

/// The number that `a` is of `b`; none where it is no number.
std::optional<Rational> factor_between(const Ratio& a, const Ratio& b) {
  const auto left = a.above.times(b.below);
  const auto right = b.above.times(a.below);
  if (!left || !right || left->is_zero() || right->is_zero())
    return std::nullopt;
  const auto& [monomial, coefficient] = *left->terms().begin();
  const auto at = right->terms().find(monomial);
  if (at == right->terms().end())
    return std::nullopt;
  const auto factor = quotient(coefficient, at->second);
  const auto scaled = factor ? right->times(*factor) : std::nullopt;
  return scaled && *scaled == *left ? factor : std::nullopt;
}

bool same_relations(const MathValue& truth, const MathValue& answer, const MathRules& rules) {
  if (same_in_order(truth, answer, rules))
    return true;
  if (truth.label != answer.label)
    return false;
  const auto left = gap(truth);
  const auto right = gap(answer);
  const auto factor = left && right ? factor_between(*left, *right) : std::nullopt;
  return factor && (!factor->is_negative() || truth.label == "=" || truth.label == "!=");
}

MathValue infinity(int64_t sign) {
  MathValue value;
  value.ratio.above =
      Polynomial::power_of("inf", Rational(1)).value().times(Rational(sign)).value();
  return value;
}

/// The interval of x < 5 (the parser has turned > around) or 1 < x <= 5.
std::optional<MathValue> as_interval(const MathValue& relation) {
  const std::string& label = relation.label;
  const auto& parts = relation.parts;
  const std::string open = label == "<" ? "(" : "[", close = label == "<" ? ")" : "]";
  MathValue interval{Shape::kList, {}, "", {}};
  if (label != "<" && label != "<=" && label != "< <=" && label != "<= <")
    return std::nullopt;
  if (parts.size() == 3 && is_name(parts[1])) {
    interval.label =
        std::string(label.starts_with("<=") ? "[" : "(") + (label.ends_with("<=") ? "]" : ")");
    interval.parts = {parts[0], parts[2]};
  } else if (parts.size() == 2 && is_name(parts[0])) {
    interval.label = "(" + close;
    interval.parts = {infinity(-1), parts[1]};
  } else if (parts.size() == 2 && is_name(parts[1])) {
    interval.label = open + ")";
    interval.parts = {parts[0], infinity(1)};
  } else {
    return std::nullopt;
  }
  return interval;
}

/// The name in x < 5, 5 < x or 1 < x < 5. REQUIRES: as_interval() has read it.
const MathValue& name_in(const MathValue& relation) {
  const bool is_first = relation.parts.size() == 2 && is_name(relation.parts[0]);
  return relation.parts[is_first ? 0 : 1];
}

/// The union of intervals that "x < 1 or x > 2" is; none of what is not of this form.
std::optional<MathValue> as_union(const MathValue& set) {
  if (!set.either)
    return std::nullopt;
  MathValue all{Shape::kList, {}, "cup", {}};
  for (const MathValue& part : set.parts) {
    auto interval = part.shape == Shape::kRelation ? as_interval(part) : std::nullopt;
    if (!interval || !same(name_in(set.parts.front()), name_in(part), {}))
      return std::nullopt;
    all.parts.push_back(std::move(*interval));
  }
  return all;
}

/// "x = 3"
bool gives_name(const MathValue& value) {
  return value.shape == Shape::kRelation && value.label == "=" && value.parts.size() == 2 &&
         is_name(value.parts.front());
}

/// "x = 3, y = 2" of "(x, y) = (3, 2)"; none of what is not of this form.
std::optional<MathValue> spread(const MathValue& value) {
  const auto is_tuple = [](const MathValue& one) {
    return one.shape == Shape::kList && one.label == "()";
  };
  if (value.shape != Shape::kRelation || value.label != "=" || value.parts.size() != 2 ||
      !std::ranges::all_of(value.parts, is_tuple))
    return std::nullopt;
  const auto &names = value.parts[0].parts, &values = value.parts[1].parts;
  if (names.size() != values.size() || !std::ranges::all_of(names, is_name))
    return std::nullopt;
  MathValue all{Shape::kList, {}, "{}", {}};
  for (size_t i = 0; i < names.size(); ++i)
    all.parts.push_back({Shape::kRelation, {}, "=", {names[i], values[i]}});
  return all;
}

/// What each of several unknowns is; none of what does not name them, or names but one: "x = 3 or
/// x = 2" is a set of two numbers.
std::optional<MathValue> unknowns(const MathValue& value) {
  auto all = spread(value);
  if (!all && value.shape == Shape::kList && value.label == "{}")
    all = value;
  if (!all || all->parts.empty() || !std::ranges::all_of(all->parts, gives_name))
    return std::nullopt;
  const MathValue& name = all->parts.front().parts.front();
  const bool differ = std::ranges::any_of(
      all->parts, [&](const MathValue& one) { return !same(name, one.parts.front(), {}); });
  return differ ? all : std::nullopt;
}

/// By their names in any order, else in the truth's.
bool same_unknowns(const MathValue& truth, const MathValue& answer, const MathRules& rules) {
  if (const auto named = unknowns(answer))
    return same_sets(truth, *named, rules);
  if (answer.shape != Shape::kList || (answer.label != "{}" && answer.label != "()") ||
      answer.parts.size() != truth.parts.size())
    return false;
  for (size_t i = 0; i < truth.parts.size(); ++i)
    if (!same(truth.parts[i], answer.parts[i], rules))
      return false;
  return true;
}

bool same(const MathValue& truth, const MathValue& answer, const MathRules& rules) {
  if (const auto all = unknowns(truth))
    return same_unknowns(*all, answer, rules);
  if (truth.shape == Shape::kRelation && answer.shape == Shape::kRelation)
    return same_relations(truth, answer, rules);
  const MathValue* right = &unwrapped(truth);
  const MathValue* said = &unwrapped(answer);
  std::optional<MathValue> interval, all;
  if ((right->label == "cup") != (said->label == "cup")) {
    const bool truth_is = said->label == "cup";
    all = as_union(truth_is ? *right : *said);
    if (all)
      (truth_is ? right : said) = &*all;
  }
  if (right->shape != said->shape) {
    const bool truth_is = right->shape == Shape::kRelation;
    interval = as_interval(truth_is ? *right : *said);
    if (!interval)
      return false;
    (truth_is ? right : said) = &*interval;
  }
  if (right->shape != said->shape)
    return false;
  switch (right->shape) {
    case Shape::kNumber:
      return same_numbers(right->ratio, said->ratio, rules.relative);
    case Shape::kRelation:
      return same_relations(*right, *said, rules);
    case Shape::kMatrix:
      return same_in_order(*right, *said, rules);
    case Shape::kList:
      break;
  }
  if (is_set(*right) && right->label == said->label)
    return same_sets(*right, *said, rules);
  return same_in_order(*right, *said, rules);
}

}  // namespace

Result<MathAnswer> read_math(std::string_view text) {
  const auto tokens = math_tokens(text);
  return tokens ? read_math(tokens.value()) : tokens.error();
}

Result<MathAnswer> read_math(const std::vector<MathToken>& tokens) {
  const auto is_content = [](const MathToken& token) {
    return token.kind == MathToken::Kind::kNumber || token.kind == MathToken::Kind::kSymbol ||
           token.text == "\\{";
  };
  if (std::ranges::none_of(tokens, is_content))
    return Error{Errc::kBadData, "has no value"};
  const auto read = [&](bool face) -> Result<ParsedMath> {
    auto plus = parse_math(tokens, {face, 1});
    if (!plus || !plus.value().has_plus_minus)
      return plus;
    auto minus = parse_math(tokens, {face, -1});
    if (!minus)
      return minus;
    plus.value().value = both(std::move(plus.value().value), std::move(minus.value().value));
    return plus;
  };
  auto value = read(false);
  if (!value)
    return value.error();
  MathAnswer answer{
      std::move(value.value().value), {}, value.value().has_units, value.value().has_percent};
  if (answer.has_units || answer.has_percent) {
    auto face = read(true);
    if (!face)
      return face.error();
    answer.face = std::move(face.value().value);
  } else {
    answer.face = answer.value;
  }
  return answer;
}

bool same_math(const MathAnswer& truth, const MathAnswer& answer, const MathRules& rules) {
  const bool alike = truth.has_units == answer.has_units;
  if (!alike && !rules.units_may_lack)
    return false;
  const bool percent_alike = truth.has_percent == answer.has_percent;
  if (alike && same(truth.value, answer.value, rules))
    return true;
  if (!alike)
    return percent_alike && same(truth.face, answer.face, rules);
  return !percent_alike && rules.percent_as_face && same(truth.face, answer.face, rules);
}

}  // namespace nelumbo
