// SPDX-License-Identifier: Apache-2.0
#include "reward/choices.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/sentence.h"
#include "base/text.h"
#include "corpus/unicode.h"
#include "reward/affirmation.h"
#include "reward/answers.h"
#include "reward/choice_labels.h"
#include "reward/emphasis.h"
#include "reward/explanation.h"
#include "reward/lookalikes.h"
#include "reward/pattern.h"
#include "reward/reply.h"
#include "reward/stated_answer.h"
#include "reward/truth.h"

namespace nelumbo {

namespace {

std::string_view without_the(std::string_view text) {
  take_one(text, {"the ", "The ", "THE "});
  return text;
}

}  // namespace

ChoiceList::ChoiceList(NameList choices, NameList options, const ChoiceNaming& naming)
    : choices_(std::move(choices)),
      options_(std::move(options)),
      letters_(naming.letters),
      things_(naming.things) {}

std::optional<std::string> ChoiceList::choice_of(std::string_view text) const {
  if (!letters_ && text.starts_with("A "))  // no letter, then
    text.remove_prefix(2);
  const ComparedName name(text);
  if (letters_) {
    const auto place = choices_.lettered_place(name);
    return place ? std::optional(choices()[*place]) : by_other_name(name);
  }
  const std::vector<size_t> places = choices_.places(name);
  return places.empty() ? by_other_name(name) : std::optional(choices()[places.front()]);
}

std::optional<std::string> ChoiceList::by_other_name(const ComparedName& text) const {
  for (const ThingNames& thing : things_) {
    if (thing.with_plurals.places(text).empty())
      continue;
    for (const std::string& choice : choices())
      if (thing.names.holds(choice))
        return choice;
  }
  return std::nullopt;
}

std::optional<std::string> ChoiceList::by_text(std::string_view text) const {
  const bool is_label =
      text.starts_with("a ") && std::ranges::find(choices(), "a") != choices().end();
  const ComparedName name(text);
  const auto places = is_label ? options_.exact_places(name) : options_.places(name);
  return places.size() == 1 ? std::optional(choices()[places.front()]) : std::nullopt;
}

std::optional<std::string> ChoiceList::by_two_names(std::string_view text) const {
  const size_t open = text.rfind(" (");
  if (open == std::string_view::npos || !text.ends_with(')'))
    return std::nullopt;
  const auto named = [&](std::string_view name) {
    return by_other_name(ComparedName(trimmed(name)));
  };
  const auto choice = named(text.substr(0, open));
  const auto same = named(text.substr(open + 2, text.size() - open - 3));
  return choice == same ? choice : std::nullopt;
}

std::optional<std::string> ChoiceList::by_letter_and_text(std::string_view text) const {
  const auto parts = labelled(text);
  const auto choice = parts ? choice_of(parts->label) : std::nullopt;
  if (!choice)
    return std::nullopt;
  const auto at = static_cast<size_t>(std::ranges::find(choices(), *choice) - choices().begin());
  const auto is_its = [&](std::string_view one) {
    const auto places = texts().places(ComparedName(one));
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
  const bool as_it_is = std::ranges::any_of(choices(), has_greek_or_cyrillic) ||
                        std::ranges::any_of(options_.names(), has_greek_or_cyrillic);
  const std::string narrow = with_narrow_forms(answer);
  return as_it_is ? narrow : with_latin_letters(narrow);
}

std::optional<std::string> ChoiceList::meant_by(std::string_view answer) const {
  const std::string seen = as_seen(answer);
  if (auto choice = by_whole(seen))
    return choice;
  const std::string_view text = without_wrapping(seen);
  if (const std::string_view whole = without_end_marks(text); whole.size() < text.size())
    return meant_by(whole);
  const auto stated = stated_in(text);
  if (stated)
    if (auto choice = by_whole(*stated))
      return choice;
  if (auto choice = by_contrast(text))
    return choice;
  if (auto choice = by_explained(text))
    return choice;
  const bool is_all =  // of what "is right" was taken off's end, the rest may say of another
      stated && stated->data() + stated->size() == text.data() + text.size();
  const std::string_view rest = is_all ? *stated : text;
  if (is_all)
    if (auto choice = by_explained(rest))
      return choice;
  const auto echoed = echoed_reply(text);
  return echoed ? by_whole(*echoed) : by_reply(rest);
}

std::optional<std::string_view> ChoiceList::stated_in(std::string_view text) const {
  const auto stated = stated_choice(text);
  const auto described = stated && by_whole(*stated) ? std::nullopt : described_choice(text);
  if (!described)
    return stated;
  const auto begin = static_cast<size_t>(described->data() - text.data());
  const std::string what = std::string(text.substr(0, begin)) + " " +
                           std::string(text.substr(begin + described->size()));
  const bool is_choice = std::ranges::any_of(
      texts().names(), [&](const std::string& one) { return has_words(what, one); });
  return is_choice ? stated : described;  // "The kidney is B"
}

std::vector<std::string> ChoiceList::other_names(const std::string& choice) const {
  std::vector<std::string> all;
  for (const NameList* some : {&choices_, &texts()})
    for (const std::string& name : some->names())
      if (name != choice && name != text_of(choice))
        all.push_back(name);
  for (const ThingNames& thing : things_)
    if (!thing.names.holds(choice))
      all.insert(all.end(), thing.names.names().begin(), thing.names.names().end());
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
  const bool stands = only_explains(rest, own) && !allows_others(rest, own);
  return stands && !names_other(choice, text, rest) ? std::optional(choice) : std::nullopt;
}

std::optional<std::string> ChoiceList::by_explained(std::string_view text) const {
  constexpr size_t kLongest = 1000;
  constexpr int kMostStarts = 16;
  if (text.size() > kLongest)
    return std::nullopt;
  size_t from = 1;
  std::optional<size_t> first_end;
  for (int i = 0; i < kMostStarts; ++i) {
    const auto start = explanation_start(text, from);
    if (!start)
      break;
    if (start->ends_sentence && !first_end)
      first_end = start->at;
    const std::string_view name = without_wrapping(text.substr(0, start->at));
    std::optional<std::string> choice = by_letter_and_text(name);
    if (!choice && start->kind == ExplanationStart::Kind::kReason)
      choice = by_whole(stated_in(name).value_or(name));
    if (choice)
      return explained_by(*choice, text, text.substr(start->at));
    from = start->at + 1;
  }
  return first_end ? by_sentence(text, *first_end) : std::nullopt;
}

std::optional<std::string> ChoiceList::by_sentence(std::string_view text, size_t at) const {
  const std::string_view name = without_wrapping(text.substr(0, at)), behind = text.substr(at);
  if (reply_of(stated_in(text).value_or(text)) || !begins_explanation(behind))
    return std::nullopt;
  const std::string_view stated = stated_in(name).value_or(name);
  auto choice = by_whole(stated);
  if (!choice)
    return std::nullopt;
  const std::string_view own = text_of(*choice);
  const bool may_be_other = std::ranges::any_of(texts().names(), [&](const std::string& other) {
    return other != own && retells_another(behind, other, own);
  });
  const bool offers = speaks_of_others(without_denied(behind, other_names(*choice), {own}));
  return may_be_other || offers ? std::nullopt : explained_by(*choice, text, behind);
}

std::optional<std::string> ChoiceList::by_contrast(std::string_view text) const {
  static const Pattern kNot =
      Pattern::fixed(R"((?i)[,;]?\s\(?(and\s+)?(not|rather\s+than|instead\s+of)\s+)");
  constexpr size_t kLongest = 400;
  const auto found = text.size() > kLongest ? std::nullopt : kNot.first_in(text);
  if (!found)
    return std::nullopt;
  const auto named = [&](std::string_view name) {
    return by_whole(stated_in(name).value_or(without_wrapping(name)));
  };
  std::string_view behind = text.substr(found->end);
  behind = behind.substr(0, behind.find_last_not_of(" .)") + 1);
  auto choice = named(text.substr(0, found->begin));
  const auto other = named(behind);
  return choice && other && *choice != *other ? choice : std::nullopt;
}

std::optional<std::string> ChoiceList::by_reply(std::string_view text) const {
  const auto reply = reply_of(text);
  auto choice = reply ? by_whole(reply->word) : std::nullopt;
  if (!choice)
    return std::nullopt;
  if (replies_otherwise(reply->kind, reply->statement))
    return std::nullopt;
  const bool is_yes = reply->kind == Reply::Kind::kYes, is_refuted = refutes(reply->statement);
  if (is_remark(reply->statement))
    return choice;
  if (reply->kind == Reply::Kind::kMaybe && says_open(reply->statement))
    return choice;
  if (concludes(*reply)) {
    const bool stands = !(is_yes && is_refuted) && !takes_back(*choice, *reply);
    return stands ? choice : std::nullopt;
  }
  if (reply->kind == Reply::Kind::kMaybe)
    return std::nullopt;
  if (names_other(*choice, text, reply->statement))
    return std::nullopt;
  const auto plain = stated_plainly(reply->statement);
  const bool stands = plain && (*plain && !is_refuted) == is_yes &&
                      !offered_instead(reply->statement, claims_beside(*choice));
  return stands ? choice : std::nullopt;
}

bool ChoiceList::takes_back(const std::string& choice, const Reply& reply) const {
  const ClaimReading claims = claims_beside(choice);
  const bool is_yes = reply.kind == Reply::Kind::kYes;
  bool may_affirm = reply.is_explanation && !is_yes;  // "No. Reason: There was poor agreement .."
  for (std::string_view rest = reply.statement; !rest.empty();) {
    const std::string_view sentence = trimmed(take_sentence(rest));
    const bool is_echo =
        !may_affirm && !is_conclusion(sentence) && stated_plainly(sentence) == !is_yes;
    if (is_echo || claims.said(sentence) == Claim::kOther)
      return true;
    may_affirm = false;
  }
  return offered_instead(reply.statement, claims).has_value();
}

ClaimReading ChoiceList::claims_beside(const std::string& choice) const {
  const auto claim = [choice](const std::optional<std::string>& named) {
    return !named ? Claim::kNone : *named == choice ? Claim::kSame : Claim::kOther;
  };
  return {[this, claim](std::string_view text) { return claim(named_in(text)); },
          [this, claim](std::string_view text) { return claim(named_alone(text)); }};
}

bool ChoiceList::is_text(std::string_view text) const {
  return texts().holds_in_any_case(without_wrapping(text));
}

std::string_view ChoiceList::text_of(const std::string& choice) const {
  const auto at = std::ranges::find(choices(), choice);
  return options_.empty() || at == choices().end()
             ? std::string_view(choice)
             : std::string_view(options_.names()[static_cast<size_t>(at - choices().begin())]);
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

std::string ChoiceList::why_no_reply_in(std::string_view text) const {
  const auto is_word = [](const std::string& one) { return one == "yes" || one == "no"; };
  if (std::ranges::none_of(choices(), is_word))
    return "";
  const auto reply = reply_of(stated_in(text).value_or(text));
  return reply && by_whole(reply->word) ? why_no_reply(*reply) : "";
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
  if (std::string why = why_no_reply_in(text); !why.empty())
    return why;
  const auto named = std::ranges::count_if(texts().names(), [&](const std::string& one) {
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
                               const std::optional<std::string>& options,
                               const ChoiceNaming& naming) {
  auto list = truth_texts(truth, choices);
  if (!list)
    return list.error();
  auto texts = options ? truth_texts(truth, *options)
                       : Result<std::vector<std::string>>(std::vector<std::string>());
  if (!texts)
    return texts.error();
  if (options && texts.value().size() != list.value().size())
    return Error{Errc::kBadData, "truth fields '" + choices + "' and '" + *options + "' have " +
                                     std::to_string(list.value().size()) + " and " +
                                     std::to_string(texts.value().size()) + " items"};
  return ChoiceList(NameList(std::move(list.value())), NameList(std::move(texts.value())), naming);
}

}  // namespace nelumbo
