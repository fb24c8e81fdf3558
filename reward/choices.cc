// SPDX-License-Identifier: Apache-2.0
#include "reward/choices.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/sentence.h"
#include "base/text.h"
#include "corpus/unicode.h"
#include "reward/affirmation.h"
#include "reward/answers.h"
#include "reward/choice_labels.h"
#include "reward/counted_things.h"
#include "reward/emphasis.h"
#include "reward/explanation.h"
#include "reward/lookalikes.h"
#include "reward/stated_answer.h"
#include "reward/truth.h"

namespace nelumbo {

namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string_view without_the(std::string_view text) {
  take_one(text, {"the ", "The ", "THE "});
  return text;
}

/// "bladder" of "The bladder", "an embolism" and "a bladder". "A" may be a letter.
std::string_view without_article(std::string_view text) {
  std::string_view rest = without_the(text);
  const bool had_other = rest.size() == text.size() && take_one(rest, {"a ", "an ", "An "});
  const bool is_word = rest.size() > 2 && is_letter(rest[0]) && is_letter(rest[1]);
  return had_other && !is_word ? text : rest;
}

/// The places of those of `texts` that a text is: in its case, else in any where they are all
/// written alike.
std::vector<size_t> exact_places(std::string_view text, const std::vector<std::string>& texts) {
  const std::string wanted = normalized(text), written = normalized_in_case(text);
  std::vector<size_t> in_any_case, in_its_case;
  std::set<std::string> ways;
  for (size_t i = 0; i < texts.size(); ++i) {
    if (wanted.empty() || normalized(texts[i]) != wanted)
      continue;
    in_any_case.push_back(i);
    const std::string way = normalized_in_case(texts[i]);
    if (way == written)
      in_its_case.push_back(i);
    ways.insert(way);
  }
  return in_its_case.empty() && ways.size() == 1 ? in_any_case : in_its_case;
}

/// The same, and where there is none of those that a text is without an article before it or them.
std::vector<size_t> places_of(std::string_view text, const std::vector<std::string>& texts) {
  std::vector<size_t> places = exact_places(text, texts);
  if (!places.empty())
    return places;
  std::vector<std::string> bare;
  bare.reserve(texts.size());
  for (const std::string& one : texts)
    bare.emplace_back(without_article(one));
  return exact_places(without_article(text), bare);
}

}  // namespace

std::optional<std::string> ChoiceList::choice_of(std::string_view text) const {
  if (letters)
    if (auto choice = nelumbo::choice_of(text, choices))
      return choice;
  if (!letters && text.starts_with("A "))  // no letter, then
    text.remove_prefix(2);
  const std::vector<size_t> places = letters ? std::vector<size_t>() : places_of(text, choices);
  return places.empty() ? by_other_name(text) : std::optional(choices[places.front()]);
}

std::optional<std::string> ChoiceList::by_other_name(std::string_view text) const {
  for (const std::vector<std::string>& of_one : names) {
    if (places_of(text, with_plurals(of_one)).empty())
      continue;
    for (const std::string& choice : choices)
      if (!exact_places(choice, of_one).empty())
        return choice;
  }
  return std::nullopt;
}

std::optional<std::string> ChoiceList::by_text(std::string_view text) const {
  const bool is_label = text.starts_with("a ") && std::ranges::find(choices, "a") != choices.end();
  const auto places = is_label ? exact_places(text, options) : places_of(text, options);
  return places.size() == 1 ? std::optional(choices[places.front()]) : std::nullopt;
}

std::optional<std::string> ChoiceList::by_two_names(std::string_view text) const {
  const size_t open = text.rfind(" (");
  if (open == std::string_view::npos || !text.ends_with(')'))
    return std::nullopt;
  const auto choice = by_other_name(trimmed(text.substr(0, open)));
  const auto same = by_other_name(trimmed(text.substr(open + 2, text.size() - open - 3)));
  return choice == same ? choice : std::nullopt;
}

std::optional<std::string> ChoiceList::by_letter_and_text(std::string_view text) const {
  const auto parts = labelled(text);
  const auto choice = parts ? choice_of(parts->label) : std::nullopt;
  if (!choice)
    return std::nullopt;
  const auto at = static_cast<size_t>(std::ranges::find(choices, *choice) - choices.begin());
  const auto is_its = [&](std::string_view one) {
    const auto places = places_of(one, texts());
    return std::ranges::find(places, at) != places.end();
  };
  const bool agrees =
      is_its(parts->rest) || is_its(without_brackets(without_wrapping(parts->rest)));
  return agrees ? choice : std::nullopt;
}

std::optional<std::string> ChoiceList::by_whole(std::string_view text) const {
  text = trimmed(text);
  const std::string_view inside = without_wrapping(text);
  const std::string bare = normalized_in_case(inside);
  const std::string_view bare_inside = without_wrapping(bare);
  std::vector<std::string_view> ways = {text};
  if (inside.size() < text.size())
    ways.push_back(inside);
  if (bare_inside.size() < bare.size())
    ways.push_back(bare_inside);
  if (const std::string_view one = without_the(inside); one.size() < inside.size())
    ways.push_back(one);
  for (const std::string_view one : ways) {
    if (auto choice = choice_of(one))
      return choice;
    if (auto choice = by_text(one))
      return choice;
  }
  if (auto choice = choice_of(bare_letter(bare)))
    return choice;
  if (auto choice = by_two_names(bare))
    return choice;
  return by_letter_and_text(inside);
}

std::string ChoiceList::as_seen(std::string_view answer) const {
  const bool as_it_is = std::ranges::any_of(choices, has_greek_or_cyrillic) ||
                        std::ranges::any_of(options, has_greek_or_cyrillic);
  const std::string narrow = with_narrow_forms(answer);
  return as_it_is ? narrow : with_latin_letters(narrow);
}

std::optional<std::string> ChoiceList::meant_by(std::string_view answer) const {
  constexpr std::string_view kDots = "…";
  const std::string seen = as_seen(answer);
  if (auto choice = by_whole(seen))
    return choice;
  const std::string_view text = without_wrapping(seen);
  if (text.ends_with(kDots))
    return meant_by(text.substr(0, text.size() - kDots.size()));
  const auto stated = stated_in(text);
  if (stated)
    if (auto choice = by_whole(*stated))
      return choice;
  if (auto choice = by_explained(text))
    return choice;
  if (stated)
    return by_explained(*stated);
  const auto echoed = echoed_reply(text);
  return echoed ? by_whole(*echoed) : by_reply(text);
}

std::optional<std::string_view> ChoiceList::stated_in(std::string_view text) const {
  const auto stated = stated_choice(text);
  const auto described = stated && by_whole(*stated) ? std::nullopt : described_choice(text);
  if (!described)
    return stated;
  const std::string_view what = text.substr(0, text.size() - described->size());
  const bool is_choice =
      std::ranges::any_of(texts(), [&](const std::string& one) { return has_words(what, one); });
  return is_choice ? stated : described;  // "The kidney is B"
}

std::vector<std::string> ChoiceList::other_names(const std::string& choice) const {
  std::vector<std::string> all;
  for (const std::vector<std::string>* some : {&choices, &texts()})
    for (const std::string& name : *some)
      if (name != choice && name != text_of(choice))
        all.push_back(name);
  for (const std::vector<std::string>& of_one : names)
    if (exact_places(choice, of_one).empty())
      all.insert(all.end(), of_one.begin(), of_one.end());
  return with_plurals(std::move(all));
}

bool ChoiceList::names_other(const std::string& choice, std::string_view text,
                             std::string_view behind) const {
  const std::string_view own = text_of(choice);
  for (const std::string& other : other_names(choice)) {
    const bool is_article = normalized(other) == "a";
    const bool begins_so = has_words(other, own) && has_words(text, other);  // "B cell" of "B"
    if (!is_article && (begins_so || has_words(behind, other)))
      return true;
  }
  return std::ranges::any_of(lone_letters(behind), [&](std::string_view letter) {
    const auto other = choice_of(letter);
    return other && *other != choice;
  });
}

std::optional<std::string> ChoiceList::explained_by(const std::string& choice,
                                                    std::string_view text,
                                                    std::string_view behind) const {
  const std::vector<std::string_view> own = {text_of(choice), choice};
  const std::string rest = without_denied(behind, other_names(choice), own);
  return only_explains(rest, own) && !names_other(choice, text, rest) ? std::optional(choice)
                                                                      : std::nullopt;
}

std::optional<std::string> ChoiceList::by_explained(std::string_view text) const {
  constexpr size_t kLongest = 1000;
  constexpr int kMostStarts = 16;
  if (text.size() > kLongest)
    return std::nullopt;
  size_t from = 1;
  for (int i = 0; i < kMostStarts; ++i) {
    const auto start = explanation_start(text, from);
    if (!start)
      return std::nullopt;
    const std::string_view name = without_wrapping(text.substr(0, start->at));
    std::optional<std::string> choice = by_letter_and_text(name);
    if (!choice && start->kind == ExplanationStart::Kind::kReason)
      choice = by_whole(stated_in(name).value_or(name));
    if (choice)
      return explained_by(*choice, text, text.substr(start->at));
    from = start->at + 1;
  }
  return std::nullopt;
}

std::optional<std::string> ChoiceList::by_reply(std::string_view text) const {
  const auto reply = reply_of(text);
  const auto choice = reply ? by_whole(reply->word) : std::nullopt;
  if (!choice)
    return std::nullopt;
  const bool is_yes = reply->kind == Reply::Kind::kYes;
  if (reply->is_sentence && is_conclusion(reply->statement))
    return takes_back(*choice, is_yes, reply->statement) ? std::nullopt : choice;
  if (reply->kind == Reply::Kind::kMaybe)
    return std::nullopt;
  if (names_other(*choice, text, reply->statement))
    return std::nullopt;
  return stated_plainly(reply->statement) == is_yes ? choice : std::nullopt;
}

bool ChoiceList::takes_back(const std::string& choice, bool is_yes,
                            std::string_view statement) const {
  const ClaimReading claims = claims_beside(choice);
  for (std::string_view rest = statement; !rest.empty();) {
    const std::string_view sentence = trimmed(take_sentence(rest));
    const bool is_echo = !is_conclusion(sentence) && stated_plainly(sentence) == !is_yes;
    if (is_echo || claims.said(sentence) == Claim::kOther)
      return true;
  }
  return offered_instead(statement, claims).has_value();
}

ClaimReading ChoiceList::claims_beside(const std::string& choice) const {
  const auto claim = [choice](const std::optional<std::string>& named) {
    return !named ? Claim::kNone : *named == choice ? Claim::kSame : Claim::kOther;
  };
  return {[this, claim](std::string_view text) { return claim(named_in(text)); },
          [this, claim](std::string_view text) { return claim(named_alone(text)); }};
}

bool ChoiceList::is_text(std::string_view text) const {
  const std::string bare = normalized(without_wrapping(text));
  return std::ranges::any_of(texts(),
                             [&](const std::string& one) { return normalized(one) == bare; });
}

std::string_view ChoiceList::text_of(const std::string& choice) const {
  const auto at = std::ranges::find(choices, choice);
  return options.empty() || at == choices.end()
             ? std::string_view(choice)
             : std::string_view(options[static_cast<size_t>(at - choices.begin())]);
}

std::optional<std::string> ChoiceList::named_in(std::string_view answer) const {
  auto choice = meant_by(answer);
  if (!choice || !asks(answer))
    return choice;
  const std::string_view own = text_of(*choice);  // may be a question itself
  const bool says_own = lower_case(answer).find(lower_case(own)) != std::string::npos;
  return asks(own) && says_own ? choice : std::nullopt;
}

std::optional<std::string> ChoiceList::named_alone(std::string_view text) const {
  return asks(text) ? std::nullopt : by_whole(as_seen(text));
}

std::string ChoiceList::why_none(std::string_view answer) const {
  const std::string seen = as_seen(answer);
  const std::string_view text = without_wrapping(seen);
  if (is_blank(text))
    return "nothing is said";
  if (asks(answer) && meant_by(answer))
    return "it asks";
  if (const auto parts = labelled(text); parts && is_text(parts->rest))
    return choice_of(parts->label) ? "its letter and its text are two of them"
                                   : "its letter stands for none";
  if (bare_letter(normalized(text)).size() == 1)
    return "no choice has that letter";
  const auto named = std::ranges::count_if(texts(), [&](const std::string& one) {
    return normalized(one).size() > 1 && has_words(text, one);
  });
  if (named > 1)
    return is_text(text) ? "more than one reads so" : "it names several";
  return named == 1 ? "it says more than the choice" : "";
}

std::string ChoiceList::refusal(std::string_view answer) const {
  const std::string why = why_none(answer);
  return in_quotes(answer) + " is none of the choices" + (why.empty() ? "" : ": " + why);
}

std::string spelled_out(const nlohmann::json& truth, const std::string& answer) {
  const bool has_options = truth.is_object() && truth.contains("options");
  const auto list = choice_list(truth, "choices",
                                has_options ? std::optional<std::string>("options") : std::nullopt);
  const auto choice = list ? list.value().named_in(answer) : std::nullopt;
  return choice ? std::string(list.value().text_of(*choice)) : answer;
}

Result<ChoiceList> choice_list(const nlohmann::json& truth, const std::string& choices,
                               const std::optional<std::string>& options, bool letters,
                               std::vector<std::vector<std::string>> names) {
  auto list = truth_texts(truth, choices);
  if (!list)
    return list.error();
  ChoiceList out{std::move(list.value()), {}, letters, std::move(names)};
  if (!options)
    return out;
  auto texts = truth_texts(truth, *options);
  if (!texts)
    return texts.error();
  if (texts.value().size() != out.choices.size())
    return Error{Errc::kBadData, "truth fields '" + choices + "' and '" + *options + "' have " +
                                     std::to_string(out.choices.size()) + " and " +
                                     std::to_string(texts.value().size()) + " items"};
  out.options = std::move(texts.value());
  return out;
}

}  // namespace nelumbo
