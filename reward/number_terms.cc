// SPDX-License-Identifier: Apache-2.0
#include "reward/number_terms.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "reward/answers.h"

namespace nelumbo {

namespace {

std::string shown(double number) {
  char text[40];
  std::snprintf(text, sizeof text, "%g", number);
  return text;
}

/// The answer and the truth, both as numbers; an error when the truth is none.
class NumberTerm : public Term {
 public:
  explicit NumberTerm(const SpecNode& node) : place_(node.place_of("truth")) {}

  std::vector<TruthField> needs() const override { return {{truth_, TruthShape::kNumber, place_}}; }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto truth = truth_number(scene.prompt.truth, truth_);
    if (!truth)
      return truth.error();
    const auto answer = number_of(scene.trajectory.answer);
    if (!scene.trajectory.answered || !answer)
      return Verdict{0, in_quotes(scene.trajectory.answer) + " is no number"};
    return Verdict{value(*answer, truth.value()), shown(*answer) + " for " + shown(truth.value())};
  }

 protected:
  virtual double value(double answer, double truth) const = 0;

  std::string truth_ = "answer";

 private:
  std::string place_;
};

class Number final : public NumberTerm {
 public:
  using NumberTerm::NumberTerm;

  template <class V>
  void fields(V& v) {
    v(truth_, "truth", "Truth field with the number.", NotEmpty{});
    v(tolerance_, "tolerance", "Largest difference that is right.", NonNegative{});
    v(relative_, "relative", "The same as a share of the truth; the larger of both holds.",
      NonNegative{});
  }

 private:
  double value(double answer, double truth) const override {
    const double allowed = std::max(tolerance_, relative_ * std::abs(truth));
    return std::abs(answer - truth) <= allowed ? 1 : 0;
  }

  double tolerance_ = 1e-9;
  double relative_ = 0;
};

class Count final : public NumberTerm {
 public:
  using NumberTerm::NumberTerm;

  template <class V>
  void fields(V& v) {
    v(truth_, "truth", "Truth field with the count.", NotEmpty{});
    v(at_most_, "at_most", "Counts from here on are one: \"3\" for three or more.", Positive{});
    v(partial_, "partial", "Also reward a near miss.");
  }

 private:
  double value(double answer, double truth) const override {
    if (answer < 0 || answer != std::floor(answer))
      return 0;
    if (at_most_) {
      answer = std::min(answer, static_cast<double>(*at_most_));
      truth = std::min(truth, static_cast<double>(*at_most_));
    }
    if (!partial_)
      return answer == truth ? 1 : 0;
    return std::max(0.0, 1 - std::abs(answer - truth) / std::max(1.0, truth));
  }

  std::optional<int64_t> at_most_;
  bool partial_ = false;
};

}  // namespace

Result<TermPtr> read_number(const SpecNode& node, TermHeader& header) {
  return read_term(node, header, std::make_unique<Number>(node));
}

Result<TermPtr> read_count(const SpecNode& node, TermHeader& header) {
  return read_term(node, header, std::make_unique<Count>(node));
}

}  // namespace nelumbo
