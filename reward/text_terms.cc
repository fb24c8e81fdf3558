// SPDX-License-Identifier: Apache-2.0
#include "reward/text_terms.h"

#include <set>

#include "base/text.h"
#include "reward/answers.h"
#include "reward/asked_number.h"
#include "reward/candidate.h"
#include "reward/choices.h"
#include "reward/json_terms.h"
#include "reward/lookalikes.h"
#include "reward/math_terms.h"
#include "reward/math_value.h"
#include "reward/no_number.h"
#include "reward/quantity.h"
#include "reward/stated_answer.h"

namespace nelumbo {

namespace {

Verdict yes_or_no(bool yes, std::string evidence) {
  return {yes ? 1.0 : 0.0, std::move(evidence)};
}

Verdict no_answer() {
  return {0, "no answer in the tags"};
}

class Format final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(answer_, "answer", "What the answer must be readable as.",
      OneOf{"any", "text", "choice", "number", "math", "json", "box", "boxes"});
    v(choices_, "choices", "Truth field with the choices.", NotEmpty{});
    v(options_, "options", "Truth field with the text of each choice, where they are letters.",
      NotEmpty{});
    naming_.fields(v);
    v(units_, "units",
      "Whether a number may have a unit that is known, or words behind it, which the term number "
      "then looks up.",
      OneOf{"refuse", "known", "asked"});
  }

  explicit Format(const SpecNode& node)
      : place_(node.place_of("choices")), options_place_(node.place_of("options")) {}

  std::vector<TruthField> needs() const override {
    if (answer_ != "choice")
      return {};
    std::vector<TruthField> all = {{choices_, TruthShape::kTexts, place_}};
    if (options_)
      all.push_back({*options_, TruthShape::kTexts, options_place_});
    return all;
  }

  Result<Verdict> judge(const Scene& scene) const override {
    const Trajectory& said = scene.trajectory;
    if (!said.answered)
      return no_answer();
    if (const auto n = std::ssize(answer_places(said.text)); n > 1)
      return Verdict{0, std::to_string(n) + " answers"};
    if (const std::string_view behind = said_behind_answer(said.text); !behind.empty())
      return Verdict{0, "the answer is followed by " + in_quotes(behind) + ", and must come last"};
    if (answer_ == "any")
      return Verdict{1, "answered"};
    const auto reads = readable(scene);
    if (!reads)
      return reads.error();
    if (answer_ == "number" && !reads.value())
      return Verdict{0, no_number(said.answer, units_)};
    if (answer_ == "choice" && !reads.value())
      return Verdict{0, choices_of(scene).value().refusal(said.answer)};
    return yes_or_no(reads.value(),
                     in_quotes(said.answer) + (reads.value() ? " is " : " is no ") + answer_);
  }

 private:
  Result<ChoiceList> choices_of(const Scene& scene) const {
    return choice_list(scene.prompt.truth, choices_, options_, naming_);
  }

  Result<bool> readable(const Scene& scene) const {
    const Trajectory& said = scene.trajectory;
    if (answer_ == "box")
      return said.answer_box.has_value();
    if (answer_ == "boxes")
      return boxes_in(said.answer, scene.prompt).has_value();
    if (const std::string_view number = stated_number(said.answer); answer_ == "number")
      return units_ == "asked"   ? worded_quantity(number, scene.prompt.text).has_value()
             : units_ == "known" ? quantity_of(number).has_value()
                                 : number_of(number).has_value();
    if (answer_ == "math")
      return is_text_of_math(said.answer) || read_math(stated_formula(said.answer)).ok();
    if (answer_ == "json")
      return json_of(said.answer).ok();
    if (answer_ == "text")
      return !normalized(said.answer).empty();
    const auto list = choices_of(scene);
    if (!list)
      return list.error();
    return list.value().named_in(said.answer).has_value();
  }

  std::string place_, options_place_;
  std::string answer_ = "any";
  std::string choices_ = "choices";
  std::optional<std::string> options_;
  ChoiceNaming naming_;
  std::string units_ = "refuse";
};

class Exact final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(truth_, "truth", "Truth field with the right answer.", NotEmpty{});
  }

  explicit Exact(const SpecNode& node) : place_(node.place_of("truth")) {}

  std::vector<TruthField> needs() const override { return {{truth_, TruthShape::kText, place_}}; }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto truth = truth_text(scene.prompt.truth, truth_);
    if (!truth)
      return truth.error();
    if (!scene.trajectory.answered)
      return no_answer();
    const std::string& answer = scene.trajectory.answer;
    if (asks(answer) && !asks(truth.value()))
      return Verdict{0, in_quotes(answer) + " asks, and answers nothing"};
    const bool is_latin = !has_greek_or_cyrillic(truth.value());
    const std::string said = is_latin ? with_latin_letters(answer) : answer;
    const std::string right = normalized(truth.value());
    const bool same =
        normalized(said) == right || (!right.empty() && normalized(stated_text(said)) == right);
    return yes_or_no(same,
                     in_quotes(answer) + (same ? " is " : " is not ") + in_quotes(truth.value()));
  }

 private:
  std::string place_;
  std::string truth_ = "answer";
};

class Choice final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(truth_, "truth", "Truth field with the right choice.", NotEmpty{});
    v(choices_, "choices", "Truth field with all choices.", NotEmpty{});
    v(options_, "options", "Truth field with the text of each choice, where they are letters.",
      NotEmpty{});
    naming_.fields(v);
  }

  explicit Choice(const SpecNode& node)
      : truth_place_(node.place_of("truth")),
        choices_place_(node.place_of("choices")),
        options_place_(node.place_of("options")),
        names_place_(node.place_of("names")) {}

  std::vector<TruthField> needs() const override {
    std::vector<TruthField> all = {{truth_, TruthShape::kText, truth_place_},
                                   {choices_, TruthShape::kTexts, choices_place_}};
    if (options_)
      all.push_back({*options_, TruthShape::kTexts, options_place_});
    return all;
  }

  Result<void> fits(const Prompt& prompt) const override {
    const auto truth = truth_text(prompt.truth, truth_);
    const auto list = choice_list(prompt.truth, choices_, options_);
    const auto choices = truth_texts(prompt.truth, choices_);
    if (!truth || !list || !choices)
      return !truth ? truth.error() : !list ? list.error() : choices.error();
    std::set<std::string> seen;
    for (const std::string& choice : choices.value())
      if (!seen.insert(normalized(choice)).second)
        return Error{Errc::kBadData, choices_place_ + ": " + in_quotes(choice) +
                                         " stands twice in '" + choices_ +
                                         "'; each choice must be another one"};
    for (const std::vector<std::string>& of_one : naming_.names) {
      const auto is_choice = [&](const std::string& one) { return seen.contains(normalized(one)); };
      if (std::ranges::count_if(of_one, is_choice) > 1)
        return Error{Errc::kBadData, names_place_ +
                                         ": a list has the names of one thing, and two of [" +
                                         joined(of_one, ", ") + "] are choices"};
    }
    if (seen.contains(normalized(truth.value())))
      return {};
    return Error{Errc::kBadData, truth_place_ + ": the right choice, " + in_quotes(truth.value()) +
                                     ", is none of '" + choices_ + "'"};
  }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto truth = truth_text(scene.prompt.truth, truth_);
    const auto list = choice_list(scene.prompt.truth, choices_, options_, naming_);
    if (!truth || !list)
      return !truth ? truth.error() : list.error();
    if (!scene.trajectory.answered)
      return no_answer();
    const std::string& answer = scene.trajectory.answer;
    const auto chosen = list.value().named_in(answer);
    if (!chosen)
      return Verdict{0, list.value().refusal(answer)};
    const bool right = normalized(*chosen) == normalized(truth.value());
    return yes_or_no(right,
                     in_quotes(*chosen) + (right ? " is " : " is not ") + in_quotes(truth.value()));
  }

 private:
  std::string truth_place_, choices_place_, options_place_, names_place_;
  std::string truth_ = "answer";
  std::string choices_ = "choices";
  std::optional<std::string> options_;
  ChoiceNaming naming_;
};

}  // namespace

Result<TermPtr> read_format(const SpecNode& node, TermHeader& header) {
  header.precondition = true;
  return read_term(node, header, std::make_unique<Format>(node));
}

Result<TermPtr> read_exact(const SpecNode& node, TermHeader& header) {
  return read_term(node, header, std::make_unique<Exact>(node));
}

Result<TermPtr> read_choice(const SpecNode& node, TermHeader& header) {
  return read_term(node, header, std::make_unique<Choice>(node));
}

}  // namespace nelumbo
