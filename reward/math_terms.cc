// SPDX-License-Identifier: Apache-2.0
#include "reward/math_terms.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/ascii.h"
#include "base/replace_all.h"
#include "reward/answers.h"
#include "reward/lookalikes.h"
#include "reward/math_value.h"
#include "reward/math_words.h"
#include "reward/quantity.h"
#include "reward/stated_answer.h"

namespace nelumbo {

namespace {

/// Lower case without dollar signs, braces and commands that only set type: "\text{(B)}." is "(b)".
std::string bare_text(std::string_view text) {
  std::string out(text);
  constexpr std::array<std::string_view, 9> kMarkup = {
      "\\text", "\\mathrm", "\\textbf", "\\mbox", "\\boxed", "$", "{", "}", "\\"};
  for (const std::string_view mark : kMarkup)
    replace_all(&out, mark, "");
  return normalized(out);
}

/// Signs that are punctuation behind a word and mean something in a formula: "n!", "f'", "~p".
int64_t marks(std::string_view text) {
  return std::ranges::count_if(text, [](char c) { return c == '!' || c == '\'' || c == '~'; });
}

bool asks(std::string_view text) {
  return with_narrow_forms(text).find('?') != std::string::npos;
}

class MathEqual final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(truth_, "truth", "Truth field with the right answer.", NotEmpty{});
    v(relative_, "relative", "Share of the truth that a number may be off; 0 is exact.",
      Between{0, 1});
    v(units_, "units", "Whether one side may lack a unit that the other has.",
      OneOf{"optional", "required"});
    v(percent_, "percent", "Whether 50 % is 0.5 alone, or also 50.", OneOf{"either", "value"});
  }

  explicit MathEqual(const SpecNode& node) : place_(node.place_of("truth")) {}

  std::vector<TruthField> needs() const override { return {{truth_, TruthShape::kAnswer, place_}}; }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto truth = truth_answer(scene.prompt.truth, truth_);
    if (!truth)
      return truth.error();
    if (!scene.trajectory.answered)
      return Verdict{0, "no answer"};
    const std::string answer(stated_formula(scene.trajectory.answer));
    const auto right = read_math(truth.value());
    const auto said = right ? read_math(answer) : right;
    if (!right || (is_word(truth.value()) && (!said || is_word(answer))))
      return by_text(truth.value(), answer);
    if (!said)
      return Verdict{0, in_quotes(answer) + " is no formula: " + said.error().message};
    const bool same = same_math(right.value(), said.value(),
                                {relative_, units_ == "optional", percent_ == "either"}) ||
                      same_quantity(truth.value(), answer);
    Verdict out = verdict(same, truth.value(), answer);
    if (!same && same_math(right.value(), said.value(), {relative_, true, true}))
      out.evidence += difference(right.value(), said.value());
    return out;
  }

 private:
  /// What tells two values apart whose figures are the same.
  static std::string difference(const MathAnswer& truth, const MathAnswer& answer) {
    if (truth.has_percent != answer.has_percent)
      return answer.has_percent ? ": it is in percent" : ": it is not in percent";
    if (truth.has_units != answer.has_units)
      return answer.has_units ? ": it has a unit" : ": it has no unit";
    return "";
  }

  /// Three letters or more, and nothing else, without a meaning: "dog" is not "god", as products
  /// are.
  static bool is_word(const std::string& text) {
    const std::string bare = bare_text(text);
    return bare.size() > 2 && text.find('\\') == std::string::npos && !is_math_letter(bare) &&
           bare != "inf" && bare != "infinity" && std::ranges::all_of(bare, is_ascii_small);
  }

  /// "5 m" is "500 cm", where a formula has the m for a symbol.
  bool same_quantity(const std::string& truth, const std::string& answer) const {
    const auto right = quantity_of(truth), said = quantity_of(answer);
    const auto near = [&](const Rational& one, const Rational& other) {
      return one == other ||
             (relative_ > 0 && distance(one, other) <= relative_ * std::abs(other.to_double()));
    };
    if (!right || !said || right->percent != said->percent)
      return false;
    // Behind a blank a letter is a unit: "5 h" may be met by 5, the formula "5h" may not.
    const bool one_lacks = units_ == "optional" && right->unit.empty() != said->unit.empty() &&
                           (right->unit.empty() ? answer : truth).find(' ') != std::string::npos;
    if (one_lacks)
      return said->face && right->face && near(*said->face, *right->face);
    return !right->unit.empty() && right->unit == said->unit && near(said->value, right->value);
  }

  static Verdict verdict(bool same, const std::string& truth, const std::string& answer) {
    return {same ? 1.0 : 0.0,
            in_quotes(answer) + (same ? " equals " : " does not equal ") + in_quotes(truth)};
  }

  static Verdict by_text(const std::string& truth, const std::string& answer) {
    const std::string right = bare_text(truth);
    const bool same_marks =
        (marks(truth) == 0 || marks(truth) == marks(answer)) && (asks(truth) || !asks(answer));
    return verdict(!right.empty() && right == bare_text(answer) && same_marks, truth, answer);
  }

  std::string place_;
  std::string truth_ = "answer";
  double relative_ = 0;
  std::string units_ = "optional";
  std::string percent_ = "either";
};

}  // namespace

bool is_text_of_math(std::string_view answer) {
  const std::string bare = bare_text(answer);
  return !bare.empty() && std::ranges::all_of(bare, [](char c) {
    return c == ' ' || is_digit(c) || is_ascii_small(c);
  });
}

Result<TermPtr> read_math_equal(const SpecNode& node, TermHeader& header) {
  return read_term(node, header, std::make_unique<MathEqual>(node));
}

}  // namespace nelumbo
