// SPDX-License-Identifier: Apache-2.0
#include "reward/math_factors.h"

#include <algorithm>
#include <utility>

#include "reward/math_operations.h"

namespace nelumbo {

namespace {

constexpr int kDeepest = 30;
constexpr size_t kMostItems = 64;

}  // namespace

bool FactorParser::is_factor() const {
  if (now().kind == Kind::kMark)
    return now().text == "(" || now().text == "{" || (now().text == "[" && !in_root_);
  return now().kind != Kind::kEnd &&
         !(now().kind == Kind::kCommand && now().text != "frac" && now().text != "binom");
}

FactorParser::Value FactorParser::combined(const MathValue& left, const MathValue& right, bool over,
                                           bool negated) {
  if (left.shape != Shape::kNumber || right.shape != Shape::kNumber)
    return none("a product of lists");
  if (left.ratio.above.has("inf") || right.ratio.above.has("inf"))
    return none("arithmetic with infinity");
  auto factor = over ? inverse(right.ratio) : std::optional(right.ratio);
  if (!factor)
    return none("division by 0");
  if (negated)
    factor = negative(*factor);
  return number(factor ? product(left.ratio, *factor) : std::nullopt);
}

FactorParser::Value FactorParser::factor() {
  Value value = base();
  while (value) {
    if (take("^")) {
      Value exponent = argument(true);
      if (!exponent)
        return std::nullopt;
      if (value->shape != Shape::kNumber || exponent->shape != Shape::kNumber)
        return none("a power of a list");
      value = number(power_of(value->ratio, exponent->ratio));
      if (!value)
        return none("a power that is not defined or too large");
    } else if (take("!")) {
      value = number(factorial(value->ratio));
      if (!value)
        return none("a factorial of what is no small whole number");
    } else if (take("%")) {
      parsed_.has_percent = true;
      if (value->shape != Shape::kNumber)
        return none("percent of a list");
      if (!reading_.face)
        value = number(product(value->ratio, Ratio{Polynomial(*Rational::of(1, 100))}));
    } else {
      return value;
    }
  }
  return value;
}

FactorParser::Value FactorParser::argument(bool may_have_sign) {
  if (may_have_sign && take("-")) {
    Value value = argument(false);
    return value && value->shape == Shape::kNumber ? number(negative(value->ratio)) : std::nullopt;
  }
  return base();
}

FactorParser::Value FactorParser::base() {
  if (depth_ >= kDeepest)
    return none("nested too deeply");
  ++depth_;
  Value value = base_inside();
  --depth_;
  return value;
}

FactorParser::Value FactorParser::base_inside() {
  const MathToken token = now();
  if (token.kind == Kind::kMark)
    return bracket();
  if (token.kind == Kind::kEnd)
    return none("ends where a value should stand");
  ++at_;
  switch (token.kind) {
    case Kind::kNumber:
      return take("_") ? subscripted(token.text) : constant(token.number);
    case Kind::kSymbol:
      if (token.text == "emptyset")
        return MathValue{Shape::kList, {}, "{}", {}};
      if (take("_"))
        return subscripted(token.text);
      return number(Polynomial::power_of(token.text, Rational(1)));
    case Kind::kUnit:
      return unit(token.text);
    case Kind::kFunction:
      return token.text == "sqrt" ? root() : function(token.text);
    default:
      return command(token.text);
  }
}

FactorParser::Value FactorParser::unit(const std::string& name) {
  parsed_.has_units = true;
  Value one =
      number(reading_.face ? std::optional(Ratio{Polynomial(Rational(1))}) : unit_value(name));
  const bool in_front = name == "$" || name == "€" || name == "£" || name == "¥";
  if (!one || !in_front || now().kind != Kind::kNumber)
    return one;
  const Rational amount = now().number;
  ++at_;
  return number(product(one->ratio, Ratio{Polynomial(amount)}));
}

FactorParser::Value FactorParser::subscripted(const std::string& of) {
  Value below = argument(false);
  if (!below || below->shape != Shape::kNumber)
    return none("a subscript that cannot be read");
  return number(Polynomial::power_of(of + "_" + below->ratio.text(), Rational(1)));
}

FactorParser::Value FactorParser::bracket() {
  const std::string open = now().text;
  if (open == "|")
    return absolute();
  if (open != "(" && open != "[" && open != "{" && open != "\\{")
    return none("'" + open + "' where a value should stand");
  ++at_;
  if (open == "\\{" && take("\\}"))
    return MathValue{Shape::kList, {}, "{}", {}};
  auto all = items();
  if (!all)
    return std::nullopt;
  const bool braces = open == "{" || open == "\\{";
  if (braces && !in_bars_ && all->size() == 1 && take("|")) {
    auto conditions = items();
    return conditions ? described(all->front(), std::move(*conditions)) : std::nullopt;
  }
  if (open == "\\{" && all->front().label == ":" &&
      all->front().parts[1].shape == Shape::kRelation) {
    const MathValue colon = std::move(all->front());
    all->front() = colon.parts[1];
    return described(colon.parts[0], std::move(*all));
  }
  const std::string close = now().kind == Kind::kMark ? now().text : "";
  if (braces ? close != (open == "{" ? "}" : "\\}") : close != ")" && close != "]")
    return none("'" + open + "' is not closed");
  ++at_;
  if (open == "\\{" || (braces && all->size() > 1))
    return MathValue{Shape::kList, {}, "{}", std::move(*all)};
  if (all->size() == 1 && (braces || open == "(" || open == "[") && (open != "(" || close == ")") &&
      (open != "[" || close == "]"))
    return std::move(all->front());
  if (all->size() == 1)
    return none("an interval with one end");
  return MathValue{Shape::kList, {}, open + close, std::move(*all)};
}

FactorParser::Value FactorParser::described(const MathValue& variable,
                                            std::vector<MathValue> conditions) {
  const auto is_symbol = [](const MathValue& value) {
    return value.shape == Shape::kNumber && value.ratio.below.constant() == Rational(1) &&
           value.ratio.above.symbol().has_value();
  };
  const bool is_real = variable.shape == Shape::kRelation && variable.label == "in" &&
                       is_symbol(variable.parts[1]) &&
                       variable.parts[1].ratio.above.symbol() == "R";
  const MathValue& name = is_real ? variable.parts[0] : variable;
  const bool is_about_it =
      is_symbol(name) && std::ranges::all_of(conditions, [&](const MathValue& one) {
        return one.shape == Shape::kRelation &&
               std::ranges::any_of(one.parts, [&](const MathValue& part) {
                 return part.shape == Shape::kNumber && part.ratio.equals(name.ratio) == true;
               });
      });
  if (!is_about_it || (conditions.size() > 1 && !joined_by_or_))
    return none("a set whose condition cannot be read");
  if (!take("\\}") && !take("}"))
    return none("a set that is not closed");
  if (conditions.size() == 1)
    return std::move(conditions.front());
  return MathValue{Shape::kList, {}, "{}", std::move(conditions), true};
}

FactorParser::Value FactorParser::absolute() {
  if (in_bars_)
    return none("bars inside bars");
  ++at_;
  in_bars_ = true;
  Value inside = sum_of_terms();
  in_bars_ = false;
  if (!inside || inside->shape != Shape::kNumber || !take("|"))
    return none("bars that are not closed");
  const auto value = inside->ratio.constant();
  if (!value)
    return number(Polynomial::power_of("abs(" + inside->ratio.text() + ")", Rational(1)));
  return value->is_negative() ? number(negative(inside->ratio)) : inside;
}

FactorParser::Value FactorParser::root() {
  Value degree = constant(Rational(2));
  if (take("[")) {
    in_root_ = true;
    degree = sum_of_terms();
    in_root_ = false;
    if (!degree || !take("]"))
      return none("a root whose degree is not closed");
  }
  Value inside = argument(false);
  if (!inside || inside->shape != Shape::kNumber || degree->shape != Shape::kNumber)
    return none("a root of a list");
  const auto exponent = inverse(degree->ratio);
  Value value = number(exponent ? power_of(inside->ratio, *exponent) : std::nullopt);
  return value ? value : none("a root that is not known");
}

FactorParser::Value FactorParser::function(std::string name) {
  Value exponent = constant(Rational(1));
  if (take("_")) {
    Value below = argument(false);
    if (!below)
      return std::nullopt;
    name += "_" + below->ratio.text();
  }
  if (take("^"))
    exponent = argument(true);
  const bool bracketed = is("(") || is("{");
  Value inside = factor();
  while (inside && !bracketed && is_factor() && !is("(") && now().kind != Kind::kFunction &&
         now().kind != Kind::kNumber) {
    Value more = factor();
    inside = more ? combined(*inside, *more, false, false) : std::nullopt;
  }
  if (!inside || !exponent || inside->shape != Shape::kNumber || exponent->shape != Shape::kNumber)
    return none("a function of what cannot be read");
  if (name == "exp")
    return number(power_of(Ratio{*Polynomial::power_of("e", Rational(1))}, inside->ratio));
  const auto value = Polynomial::power_of(name + "(" + inside->ratio.text() + ")", Rational(1));
  return number(value ? power_of(Ratio{*value}, exponent->ratio) : std::nullopt);
}

FactorParser::Value FactorParser::command(const std::string& name) {
  if (name.starts_with("begin "))
    return matrix(name.substr(std::string_view("begin ").size()));
  if (name != "frac" && name != "binom")
    return none("'" + name + "' is not expected");
  Value above = argument(false);
  if (!above)
    return std::nullopt;
  if (now().kind == Kind::kNumber && now().text.size() > 1)
    return none("a fraction whose lower part has no braces");
  Value below = argument(false);
  if (!below)
    return std::nullopt;
  if (name == "frac")
    return combined(*above, *below, true, false);
  Value chosen = number(binomial(above->ratio, below->ratio));
  return chosen ? chosen : none("a binomial of what are no small whole numbers");
}

FactorParser::Value FactorParser::matrix(const std::string& name) {
  if (name.find("matrix") == std::string::npos)
    return none("an environment that is no matrix");
  MathValue all{Shape::kMatrix, {}, "", {}};
  int64_t rows = 1;
  do {
    Value entry = sum_of_terms();
    if (!entry)
      return std::nullopt;
    all.parts.push_back(std::move(*entry));
    if (take("\\\\"))
      ++rows;
    else if (!take("&"))
      break;
  } while (all.parts.size() < kMostItems &&
           !(now().kind == Kind::kCommand && now().text.starts_with("end ")));
  if (now().kind != Kind::kCommand || now().text != "end " + name)
    return none("a matrix that is not closed");
  ++at_;
  all.label = (name == "vmatrix" ? "| " : "") + std::to_string(rows);
  return all;
}

}  // namespace nelumbo
