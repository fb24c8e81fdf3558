// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "reward/counted_things.h"
#include "reward/name_list.h"
#include "reward/reply.h"
#include "reward/withdrawn_answer.h"

namespace nelumbo {

/// What one thing is called, of which one is a choice: "white", "white blood cell", "WBC".
struct ThingNames {
  explicit ThingNames(const std::vector<std::string>& given)
      : names(given), with_plurals(nelumbo::with_plurals(given)) {}

  NameList names, with_plurals;
};

/// The keys that say how an answer may name a choice.
struct ChoiceNaming {
  bool letters = true;
  std::vector<std::vector<std::string>> names;
  std::vector<ThingNames> things;  ///< the names again, ready to be compared

  template <class V>
  void fields(V& v) {
    v(letters, "letters", "Whether \"b\" may name the second choice, where they are words.");
    v(names, "names",
      "Lists of names of one thing, of which one is a choice: an answer may use any of them.");
    things = {names.begin(), names.end()};
  }
};

/// The choices of a question and, where these are letters, what each stands for.
class ChoiceList {
 public:
  /// `options`: none, or one text for each choice. With `naming.letters` "B" is the second one,
  /// where the choices themselves are no letters; names of things may be in the plural.
  explicit ChoiceList(NameList choices, NameList options = {}, const ChoiceNaming& naming = {});

  /// The choice that an answer names as a whole: as choice_of() of answers.h has it, also in
  /// \boxed{}, bold, quotes or brackets; with options also by an option's text. Letter and text
  /// side by side must agree: "(B) Bladder", "B - Bladder" and "B (Bladder)" are B, "A) Bladder"
  /// nothing. Of options that differ by case ("PP", "Pp") a text is the one in its case. None also
  /// for the text alone that two options share, and where it asks ("B?") and the choice itself does
  /// not. Letters that look like Latin ones are those, unless the choices have some of their
  /// scripts.
  ///
  /// Of sentences it reads those that name a choice and no other: "The answer is B", "I think it is
  /// B", "Option B", "The best treatment is B", "B is correct". What stands in the place of B is
  /// read as above, so that "The answer is not B" and "The answer is B or C" name none. A reason
  /// may follow, "B, because it is safe", and behind a letter with its text what affirms it, "B)
  /// Bladder is the best answer" (reward/explanation.h). Neither may doubt or name another choice;
  /// but a reason may deny another, "since the kidney only makes urine". Behind yes may follow what
  /// affirms and behind no what denies, "Yes, aspirin reduces mortality"; behind "Yes." sentences
  /// that offer no other answer (reward/reply.h, reward/withdrawn_answer.h). Behind "B." may stand
  /// sentences that only explain, too, and behind "B" what sets it apart, "B, not A".
  std::optional<std::string> named_in(std::string_view answer) const;
  /// The same of a text that has nothing but the name in it: no sentence, no reason.
  std::optional<std::string> named_alone(std::string_view text) const;
  /// Why an answer names none, as far as that can be told; empty: it is about something else.
  std::string why_none(std::string_view answer) const;
  /// The same as evidence: "'B?' is none of the choices: it asks".
  std::string refusal(std::string_view answer) const;
  const std::vector<std::string>& choices() const { return choices_.names(); }
  /// What a choice stands for: its option where there are some, else itself.
  std::string_view text_of(const std::string& choice) const;

 private:
  std::string as_seen(std::string_view answer) const;
  bool is_text(std::string_view text) const;
  std::optional<std::string> choice_of(std::string_view text) const;
  std::optional<std::string> meant_by(std::string_view answer) const;
  std::optional<std::string> by_whole(std::string_view text) const;
  std::optional<std::string> by_text(std::string_view text) const;
  std::optional<std::string> by_letter_and_text(std::string_view text) const;
  std::optional<std::string> by_other_name(const ComparedName& text) const;
  /// "white blood cell (WBC)"
  std::optional<std::string> by_two_names(std::string_view text) const;
  std::optional<std::string> by_explained(std::string_view text) const;
  /// "B. The patient has DKA.", where the name ends at `at`
  std::optional<std::string> by_sentence(std::string_view text, size_t at) const;
  /// "B, not A"
  std::optional<std::string> by_contrast(std::string_view text) const;
  std::optional<std::string> by_reply(std::string_view text) const;
  /// What stands in the way of "yes" and what is said behind it; empty: it is no such reply.
  std::string why_no_reply_in(std::string_view text) const;
  /// How texts behind an answer that names `choice` are read.
  ClaimReading claims_beside(const std::string& choice) const;
  /// Whether the statement behind a choice offers another or replies otherwise.
  bool takes_back(const std::string& choice, const Reply& reply) const;
  /// The choice, unless what stands behind its name in `text` says otherwise.
  std::optional<std::string> explained_by(const std::string& choice, std::string_view text,
                                          std::string_view behind) const;
  std::optional<std::string_view> stated_in(std::string_view text) const;
  const NameList& texts() const { return options_.empty() ? choices_ : options_; }
  bool names_other(const std::string& choice, std::string_view text, std::string_view behind) const;
  /// What the other choices are called, in the plural, too.
  std::vector<std::string> other_names(const std::string& choice) const;

  NameList choices_, options_;
  bool letters_;
  std::vector<ThingNames> things_;
};

/// What an answer says to a prompt with choices: "PEX2" of "B" where that is the second of the
/// truth field `choices`, or what it stands for in `options`; the answer itself where it names
/// none.
std::string spelled_out(const nlohmann::json& truth, const std::string& answer);

/// Reads the truth fields; kBadData where there are not as many options as choices.
Result<ChoiceList> choice_list(const nlohmann::json& truth, const std::string& choices,
                               const std::optional<std::string>& options,
                               const ChoiceNaming& naming = {});

}  // namespace nelumbo
