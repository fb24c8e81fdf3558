// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reward/math_parser.h"
#include "reward/math_tokens.h"
#include "reward/math_value.h"

namespace nelumbo {

/// The lower half of the grammar of formulas: what products are made of. math_parser.cc has the
/// upper half.
///
///   factor   = base {"^" argument | "!" | "%"}
///   base     = number | symbol | unit | function | command | "(" list ")" | "|" sum "|"
///   argument = "{" list "}" | base
class FactorParser {
 public:
  FactorParser(const std::vector<MathToken>& tokens, const MathReading& reading)
      : tokens_(tokens), reading_(reading) {}
  virtual ~FactorParser() = default;

 protected:
  using Value = std::optional<MathValue>;
  using Kind = MathToken::Kind;
  using Shape = MathValue::Shape;

  /// What stands between brackets; whether by "or" alone is in `joined_by_or_` then.
  virtual std::optional<std::vector<MathValue>> items() = 0;
  virtual Value sum_of_terms() = 0;

  const MathToken& now() const { return tokens_[at_]; }
  const MathToken& next() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
  bool is(std::string_view mark) const { return now().kind == Kind::kMark && now().text == mark; }
  bool take(std::string_view mark) {
    const bool there = is(mark);
    at_ += there ? 1 : 0;
    return there;
  }
  Value none(const std::string& why) {
    if (why_.empty())
      why_ = why;
    return std::nullopt;
  }
  static Value number(const std::optional<Ratio>& ratio) {
    return ratio ? Value(MathValue{Shape::kNumber, *ratio, {}, {}}) : std::nullopt;
  }
  static Value number(const std::optional<Polynomial>& above) {
    return above ? number(Ratio{*above}) : std::nullopt;
  }
  static Value constant(const Rational& value) { return number(Ratio{Polynomial(value)}); }

  /// Whether a factor can follow without a sign.
  bool is_factor() const;
  Value combined(const MathValue& left, const MathValue& right, bool over, bool negated);
  Value factor();
  /// What \frac, \sqrt and ^ take: braces, or one thing.
  Value argument(bool may_have_sign);
  Value base();
  Value base_inside();
  /// A unit, and the number behind a sign of currency.
  Value unit(const std::string& name);
  /// x_1, or the number 110_2: a symbol of its own.
  Value subscripted(const std::string& of);
  Value bracket();
  /// The condition of "{x | x > 2}", behind the variable; an "or" may part several.
  Value described(const MathValue& variable, std::vector<MathValue> conditions);
  Value absolute();
  Value root();
  /// sin x, log_2 8, sin^2 x: what stands side by side behind it belongs to it.
  Value function(std::string name);
  Value command(const std::string& name);
  Value matrix(const std::string& name);

  const std::vector<MathToken>& tokens_;
  const MathReading& reading_;
  size_t at_ = 0;
  int depth_ = 0;
  bool in_bars_ = false, in_root_ = false, joined_by_or_ = false;
  ParsedMath parsed_{};
  std::string why_;  ///< the first that went wrong; empty: a number grew too large
};

}  // namespace nelumbo
