// SPDX-License-Identifier: Apache-2.0
//
//   list     = item {("," | "or") item}             more than one: a set
//   item     = relation {":" relation}
//   relation = union {("=" | "<" | ...) union}
//   union    = ratio {"cup" ratio}
//   ratio    = sum ["\over" sum]                    as much as its braces hold: {x+1 \over 2}
//   sum      = ["+" | "-"] term {("+" | "-" | "+-") term}
//   term     = factor {["*" | "/"] factor}          side by side: a product; math_factors.h
//
// An equation whose sides are written alike, "5 = 5", says nothing and is no formula.
//
// The traps are products without a sign: 1 1/2 and 1\frac12 are sums, 5 ft 10 in is one too, and
// "2 3" is nothing.
#include "reward/math_parser.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "reward/math_factors.h"
#include "reward/math_operations.h"
#include "reward/units.h"

namespace nelumbo {

namespace {

using Kind = MathToken::Kind;
using Shape = MathValue::Shape;

constexpr size_t kMostItems = 64;

class Parser final : public FactorParser {
 public:
  using FactorParser::FactorParser;

  Result<ParsedMath> run() {
    Value value = list();
    if (value && now().kind != Kind::kEnd)
      value = none("'" + now().text + "' is not expected");
    if (!value)
      return Error{Errc::kBadData, why_.empty() ? "a number is too large" : why_};
    parsed_.value = std::move(*value);
    return std::move(parsed_);
  }

 private:
  std::optional<std::vector<MathValue>> items() override {
    std::vector<MathValue> all;
    size_t ors = 0;
    do {
      Value one = item();
      if (!one)
        return std::nullopt;
      all.push_back(std::move(*one));
      ors += is("or") ? 1 : 0;
    } while (all.size() < kMostItems && (take(",") || take("or")));
    joined_by_or_ = all.size() > 1 && ors + 1 == all.size();
    return all;
  }

  Value list() {
    auto all = items();
    if (!all)
      return std::nullopt;
    if (all->size() == 1)
      return std::move(all->front());
    return MathValue{Shape::kList, {}, "{}", std::move(*all), joined_by_or_};
  }

  Value item() {
    Value first = relation();
    if (!first || !is(":"))
      return first;
    MathValue all{Shape::kList, {}, ":", {std::move(*first)}};
    while (take(":")) {
      Value one = relation();
      if (!one)
        return std::nullopt;
      all.parts.push_back(std::move(*one));
    }
    return all;
  }

  Value relation() {
    size_t begin = at_;
    Value first = united();
    MathValue all{Shape::kRelation, {}, "", {}};
    std::vector<std::string> marks;
    while (first && now().kind == Kind::kMark && is_relation(now().text)) {
      marks.push_back(now().text);
      const size_t middle = at_++;
      all.parts.push_back(std::move(*first));
      first = united();
      if (first && marks.back() == "=" && is_written_alike(begin, middle))
        return none("an equation says nothing whose sides are written alike");
      begin = middle + 1;
    }
    if (!first || marks.empty())
      return first;
    all.parts.push_back(std::move(*first));
    if (!turn_around(marks, all))
      return none("relations of different kinds in a row");
    return all;
  }

  /// Whether what stands from `begin` to `middle` stands again behind it, as in "5 = 5.0".
  bool is_written_alike(size_t begin, size_t middle) const {
    const std::span<const MathToken> all(tokens_);
    return std::ranges::equal(
        all.subspan(begin, middle - begin), all.subspan(middle + 1, at_ - middle - 1),
        [](const MathToken& one, const MathToken& other) {
          const bool is_number = one.kind == Kind::kNumber;
          return one.kind == other.kind &&
                 (is_number ? one.number == other.number : one.text == other.text);
        });
  }

  Value united() {
    Value first = sum_of_terms();
    if (!first || !is("cup"))
      return first;
    MathValue all{Shape::kList, {}, "cup", {std::move(*first)}};
    while (take("cup")) {
      Value one = sum_of_terms();
      if (!one)
        return std::nullopt;
      all.parts.push_back(std::move(*one));
    }
    return all;
  }

  /// The sign in front of a term: 1, -1, or what \pm stands for; 0 where there is none.
  int64_t sign() {
    if (take("+"))
      return 1;
    if (take("-"))
      return -1;
    const bool plus_minus = is("+-"), minus_plus = is("-+");
    if (!plus_minus && !minus_plus)
      return 0;
    ++at_;
    parsed_.has_plus_minus = true;
    return plus_minus ? reading_.plus_minus : -reading_.plus_minus;
  }

  Value sum_of_terms() override {
    Value above = plain_sum();
    if (!above || !take("\\over"))
      return above;
    Value below = plain_sum();
    return below ? combined(*above, *below, true, false) : std::nullopt;
  }

  Value plain_sum() {
    const int64_t first = sign();
    Value total = signed_term(first < 0);
    while (total) {
      const int64_t next_sign = sign();
      if (next_sign == 0)
        return total;
      Value more = signed_term(next_sign < 0);
      if (!more)
        return std::nullopt;
      if (total->shape != Shape::kNumber || more->shape != Shape::kNumber)
        return none("a sum of lists");
      if (total->ratio.above.has("inf") || more->ratio.above.has("inf"))
        return none("arithmetic with infinity");
      total = number(sum(total->ratio, more->ratio));
    }
    return total;
  }

  Value signed_term(bool minus) {
    Value value = term();
    if (!value || !minus)
      return value;
    if (value->shape != Shape::kNumber)
      return none("a minus before a list");
    return number(negative(value->ratio));
  }

  Value term() {
    size_t from = at_;
    Value total = factor();
    while (total) {
      const bool times = take("*");
      const bool over = !times && take("/");
      if (!times && !over && !is_factor())
        return total;
      if (!times && !over && tokens_[at_ - 1].kind == Kind::kUnit && now().kind == Kind::kNumber)
        return with_smaller_units(*total);
      if (!times && !over && (now().kind == Kind::kNumber || is_mixed(from))) {
        total = mixed(*total, from);
        continue;
      }
      from = at_;
      const bool negated = (times || over) && take("-");
      Value more = factor();
      if (!more)
        return std::nullopt;
      total = combined(*total, *more, over, negated);
    }
    return total;
  }

  /// A whole number alone since `from`, and a fraction of numbers behind it.
  bool is_mixed(size_t from) const {
    return at_ == from + 1 && tokens_[from].kind == Kind::kNumber &&
           tokens_[from].number.is_whole() && now().kind == Kind::kCommand && now().text == "frac";
  }

  /// 5 ft 10 in
  Value with_smaller_units(const MathValue& left) {
    if (!goes_down())
      return none("a number behind a unit that is no larger than its own");
    Value right = term();
    if (!right || right->shape != Shape::kNumber)
      return none("a number with units beside a list");
    if (reading_.face)  // "5 ft 10 in" is written as no one number
      return number(Polynomial::power_of("#parts", Rational(1)));
    return number(sum(left.ratio, right->ratio));
  }

  /// Whether the unit in front, which is that of a number, is followed by a smaller one of its
  /// kind.
  bool goes_down() const {
    if (at_ < 2 || (tokens_[at_ - 2].kind != Kind::kNumber && tokens_[at_ - 2].text != "}"))
      return false;
    const auto smaller =
        std::find_if(tokens_.begin() + static_cast<std::ptrdiff_t>(at_), tokens_.end(),
                     [](const MathToken& token) { return token.kind == Kind::kUnit; });
    const auto larger = unit_named(tokens_[at_ - 1].text);
    const auto then = smaller == tokens_.end() ? std::nullopt : unit_named(smaller->text);
    return larger && then && larger->base == then->base && larger->exponent == then->exponent &&
           then->factor.to_double() < larger->factor.to_double();
  }

  /// 1 1/2 and 1\frac12; 2\frac{x}{3} is a product.
  Value mixed(const MathValue& whole, size_t from) {
    const bool in_digits = now().kind == Kind::kNumber;
    if (in_digits && (at_ != from + 1 || tokens_[from].kind != Kind::kNumber ||
                      !tokens_[from].number.is_whole() || next().text != "/"))
      return none("two numbers side by side");
    Value part = base();
    if (part && in_digits) {
      ++at_;  // the slash
      Value below = base();
      part = below ? combined(*part, *below, true, false) : std::nullopt;
    }
    if (!part || part->shape != Shape::kNumber)
      return none("a number beside what is none");
    return part->ratio.constant() ? number(sum(whole.ratio, part->ratio))
                                  : number(product(whole.ratio, part->ratio));
  }
};

}  // namespace

Result<ParsedMath> parse_math(const std::vector<MathToken>& tokens, const MathReading& reading) {
  return Parser(tokens, reading).run();
}

}  // namespace nelumbo
