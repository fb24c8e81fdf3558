// SPDX-License-Identifier: Apache-2.0
#include "reward/number_terms.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "base/text.h"
#include "reward/answers.h"
#include "reward/asked_number.h"
#include "reward/no_number.h"
#include "reward/quantity.h"
#include "reward/stated_answer.h"

namespace nelumbo {

namespace {

constexpr double kRounding = 1e-9;  // of a decimal written out: 0.3333333333 for 1/3

/// A check of base/fields.h: what is wider makes every answer right.
struct Tolerance {
  bool operator()(double x) const { return x >= 0 && x <= kWidest; }
  std::string text() const {
    return "between 0 and 1000000; where truths are large, give 'relative', a share of them, "
           "instead";
  }
  static constexpr double kWidest = 1e6;
};

constexpr int kDigits = 6, kMostDigits = 17;  // of a number in evidence

std::string shown(double number, int digits = kDigits) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*g", digits, number);
  return text;
}

std::string shown(const Rational& number, int digits) {
  return number.is_whole() ? number.text() : shown(number.to_double(), digits);
}

/// "38 celsius", in base units; "50 %". As it is written where the other side has no unit, for then
/// that is compared.
std::string shown(const Quantity& read, const Quantity& other, int digits) {
  if (read.percent)
    return shown(read.face.value_or(read.value), digits) + " %";
  if (other.unit.empty() && read.face && *read.face != read.value)
    return shown(*read.face, digits);
  std::string text = shown(read.value, digits);
  if (!read.unit.empty())
    text += ' ';
  for (const char c : read.unit)
    if (c != '<' && c != '>')
      text += c;
  return text;
}

/// "1.4999997 m for 1.5 m": with as many digits as tell them apart, where they differ.
std::string shown_both(const Quantity& answer, const Quantity& truth) {
  const auto both = [&](int digits) {
    return std::pair(shown(answer, truth, digits), shown(truth, answer, digits));
  };
  auto texts = both(kDigits);
  for (int digits = kDigits; digits <= kMostDigits && texts.first == texts.second; ++digits)
    texts = both(digits);
  if (texts.first == texts.second)
    texts = both(kDigits);
  return texts.first + " for " + texts.second;
}

/// The verdict on an answer that is held against no truth: none was given, it is no number, or
/// `fault` says what it is about instead. None where it is.
std::optional<Verdict> refused(const Trajectory& said, bool is_number, const std::string& fault,
                               const std::string& units) {
  if (!said.answered)
    return Verdict{0, "no answer"};
  if (!is_number)
    return Verdict{0, no_number(said.answer, units)};
  if (!fault.empty())
    return Verdict{0, in_quotes(said.answer) + " " + fault};
  return std::nullopt;
}

bool looks_up(const std::string& units) {
  return units == "asked" || units == "named";
}
Things things_of(const std::string& units) {
  return units == "named" ? Things::kNamed : Things::kOfAnyName;
}

/// Reads with units and compares what both sides have: see the keys.
class Number final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(truth_, "truth", "Truth field with the number.", NotEmpty{});
    v(tolerance_, "tolerance",
      "Largest difference that is right. Unless told, of a truth below 1 it is so much of it.",
      Tolerance{});
    v(relative_, "relative", "The same as a share of the truth; the larger of both holds.",
      Between{0, 1});
    v(units_, "units",
      "Whether a known unit may stand there, which then must fit the truth's; or the words and "
      "units that the question or the truth names, asked: with things by any name, too.",
      OneOf{"refuse", "known", "asked", "named"});
    v(percent_, "percent", "Whether 50 % is 0.5 alone, or also 50.", OneOf{"value", "either"});
  }

  explicit Number(const SpecNode& node) : place_(node.place_of("truth")) {}

  std::vector<TruthField> needs() const override {
    return {{truth_, TruthShape::kQuantity, place_}};
  }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto read = truth_quantity(scene.prompt.truth, truth_);
    if (!read)
      return read.error();
    const Quantity& truth = read.value();
    const std::string& said = scene.trajectory.answer;
    const AskedAnswer asked = read_answer(said, truth, scene.prompt);
    const auto& answer = asked.number;
    if (auto none = refused(scene.trajectory, answer.has_value(), asked.fault, units_))
      return std::move(*none);
    const bool right = looks_up(units_) && answer->percent && !truth.percent
                           ? is_percent_of(truth, *answer, asked)
                           : is_right(truth, *answer, percent_ == "either");
    return Verdict{right ? 1.0 : 0.0,
                   shown_both(*answer, truth) + (right ? "" : difference(truth, *answer))};
  }

 private:
  /// What tells them apart beside the numbers.
  std::string difference(const Quantity& truth, const Quantity& answer) const {
    if (answer.unit != truth.unit && !answer.unit.empty() && !truth.unit.empty())
      return ", in units that differ";
    const bool is_percent_alone = answer.percent != truth.percent && near_faces(truth, answer);
    return is_percent_alone ? ", one of them in percent" : "";
  }

  AskedAnswer read_answer(const std::string& answer, const Quantity& truth,
                          const Prompt& prompt) const {
    const std::string_view text = stated_number(answer);
    if (looks_up(units_)) {
      const auto written = truth_answer(prompt.truth, truth_);
      return asked_answer(text, prompt.text, written ? written.value() : "", things_of(units_));
    }
    if (units_ == "known" && is_temperature(truth))
      return {temperature_of(text)};
    return {units_ == "known" || number_of(text) ? quantity_of(text) : std::nullopt};
  }

  bool near(const Rational& answer, const Rational& truth) const {
    const double size = std::abs(truth.to_double());
    const double absolute = tolerance_ == kRounding ? kRounding * std::min(1.0, size) : tolerance_;
    const double allowed = std::max(absolute, relative_ * size);
    return answer == truth || (allowed > 0 && distance(answer, truth) <= allowed);
  }

  bool near_faces(const Quantity& truth, const Quantity& answer) const {
    return truth.face && answer.face && near(*answer.face, *truth.face);
  }

  static bool is_share(const Quantity& truth) {
    return truth.face && std::abs(truth.face->to_double()) < 1;
  }

  bool is_right(const Quantity& truth, const Quantity& answer, bool may_be_percent) const {
    // Of a share below 1, "0.5 %" says something else.
    const bool either =
        may_be_percent && truth.percent != answer.percent && (truth.percent || !is_share(truth));
    if (truth.unit == answer.unit && near(answer.value, truth.value))
      return true;
    if (truth.unit == answer.unit)
      return either && near_faces(truth, answer);
    const bool one_lacks = truth.unit.empty() || answer.unit.empty();
    return one_lacks && truth.percent == answer.percent && near_faces(truth, answer);
  }

  /// Percent, where the truth is a number that is asked for in percent, or a share below 1.
  bool is_percent_of(const Quantity& truth, const Quantity& answer,
                     const AskedAnswer& asked) const {
    if (!asked.must_be_percent && is_share(truth))
      return near(answer.value, truth.value);
    return asked.may_be_percent && near_faces(truth, answer);
  }

  std::string place_;
  std::string truth_ = "answer";
  double tolerance_ = kRounding;
  double relative_ = 0;
  std::string units_ = "refuse";
  std::string percent_ = "value";
};

class Count final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(truth_, "truth", "Truth field with the count.", NotEmpty{});
    v(at_most_, "at_most", "Counts from here on are one: \"3\" for three or more.", Positive{});
    v(partial_, "partial", "Also reward a near miss.");
    v(units_, "units",
      "Whether words and units that the question names may stand beside it, asked: with things by "
      "any name, too.",
      OneOf{"refuse", "asked", "named"});
  }

  explicit Count(const SpecNode& node) : place_(node.place_of("truth")) {}

  std::vector<TruthField> needs() const override { return {{truth_, TruthShape::kNumber, place_}}; }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto truth = truth_number(scene.prompt.truth, truth_);
    if (!truth)
      return truth.error();
    const std::string_view said = stated_number(scene.trajectory.answer);
    const AskedAnswer asked = looks_up(units_)
                                  ? asked_answer(said, scene.prompt.text, "", things_of(units_))
                                  : AskedAnswer{};
    const std::optional<double> answer =
        asked.number ? asked.number->value.to_double() : number_of(said);
    if (auto none = refused(scene.trajectory, answer.has_value(), asked.fault, units_))
      return std::move(*none);
    const bool is_count = *answer >= 0 && *answer == std::floor(*answer);
    return Verdict{
        is_count ? value(*answer, truth.value()) : 0,
        shown(*answer) + " for " + shown(truth.value()) + (is_count ? "" : ", and no count")};
  }

 private:
  double value(double answer, double truth) const {
    if (at_most_) {
      answer = std::min(answer, static_cast<double>(*at_most_));
      truth = std::min(truth, static_cast<double>(*at_most_));
    }
    if (!partial_)
      return answer == truth ? 1 : 0;
    return std::max(0.0, 1 - std::abs(answer - truth) / std::max(1.0, truth));
  }

  std::string place_;
  std::string truth_ = "answer";
  std::optional<int64_t> at_most_;
  bool partial_ = false;
  std::string units_ = "refuse";
};

}  // namespace

Result<TermPtr> read_number(const SpecNode& node, TermHeader& header) {
  return read_term(node, header, std::make_unique<Number>(node));
}

Result<TermPtr> read_count(const SpecNode& node, TermHeader& header) {
  return read_term(node, header, std::make_unique<Count>(node));
}

}  // namespace nelumbo
