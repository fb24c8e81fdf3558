// SPDX-License-Identifier: Apache-2.0
#include "reward/choices.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "base/text.h"
#include "reward/answers.h"
#include "reward/emphasis.h"
#include "reward/lookalikes.h"
#include "reward/truth.h"

namespace nelumbo {

namespace {

/// What stands in emphasis, \text{} or dollar signs that are all of the text, time and again.
std::string_view without_wrapping(std::string_view text) {
  constexpr std::array<std::string_view, 4> kOpen = {"\\text{", "\\textbf{", "\\mathrm{", "{"};
  text = without_emphasis(text);
  for (bool changed = true; changed;) {
    changed = false;
    for (const std::string_view open : kOpen) {
      if (!text.starts_with(open) || !text.ends_with('}'))
        continue;
      text = trimmed(text.substr(open.size(), text.size() - open.size() - 1));
      changed = true;
    }
    if (text.size() > 2 && text.starts_with('$') && text.ends_with('$')) {
      text = text.substr(1, text.size() - 2);
      changed = true;
    }
    text = without_emphasis(text);
  }
  return text;
}

/// Takes one of `marks` off the front; whether there was one.
bool take_one(std::string_view& text, std::initializer_list<std::string_view> marks) {
  for (const std::string_view mark : marks)
    if (text.starts_with(mark)) {
      text.remove_prefix(mark.size());
      return true;
    }
  return false;
}

/// A letter and what stands beside it.
struct Labelled {
  std::string_view label, rest;
};

/// "Bladder (B)"
std::optional<Labelled> labelled_behind(std::string_view text) {
  constexpr size_t kLength = 3;
  if (text.size() <= kLength || !text.ends_with(')') || text[text.size() - kLength] != '(')
    return std::nullopt;
  return Labelled{text.substr(text.size() - 2, 1), trimmed(text.substr(0, text.size() - kLength))};
}

/// "B) Bladder", "(B) Bladder", "[B] Bladder", "**B.** Bladder", "B: Bladder", "B - Bladder", "B
/// (Bladder)". A dash that touches the text is its minus.
std::optional<Labelled> labelled(std::string_view text) {
  if (const auto behind = labelled_behind(text); behind && behind->rest.size() > 1)
    return behind;
  const bool is_bold = take_one(text, {"**"});
  take_one(text, {"(", "["});
  if (text.size() < 3)
    return std::nullopt;
  const std::string_view label = text.substr(0, 1);
  text.remove_prefix(1);
  const size_t length = text.size();
  while (take_one(text, {")", "]", ".", ":"})) {
  }
  if (is_bold)
    take_one(text, {"**"});
  while (take_one(text, {".", ":", ",", " "})) {
  }
  if (take_one(text, {"- ", "– ", "— ", "—", "= "}))
    text = trimmed(text);
  const bool touches = text.size() == length && !text.starts_with('(') && !text.starts_with('[');
  return text.empty() || touches ? std::nullopt : std::optional(Labelled{label, text});
}

/// "(Bladder)" as "Bladder".
std::string_view without_brackets(std::string_view text) {
  const bool round = text.starts_with('(') && text.ends_with(')');
  const bool square = text.starts_with('[') && text.ends_with(']');
  return text.size() > 2 && (round || square) ? trimmed(text.substr(1, text.size() - 2)) : text;
}

/// The letter of "(B)", "[B]" and "B)".
std::string_view bare_letter(std::string_view text) {
  const std::string_view inside = without_brackets(text);
  if (inside.size() == 2 && (inside.ends_with(')') || inside.ends_with(']')))
    return inside.substr(0, 1);
  return inside.size() == 1 ? inside : text;
}

}  // namespace

std::optional<std::string> ChoiceList::by_text(std::string_view text) const {
  const std::string wanted = normalized(text);
  std::optional<std::string> found;
  for (size_t i = 0; i < options.size(); ++i) {
    if (wanted.empty() || normalized(options[i]) != wanted)
      continue;
    if (found)
      return std::nullopt;
    found = choices[i];
  }
  return found;
}

std::optional<std::string> ChoiceList::by_letter_and_text(std::string_view text) const {
  const auto parts = labelled(text);
  const auto choice = parts ? choice_of(parts->label, choices) : std::nullopt;
  const auto at = choice ? std::ranges::find(choices, *choice) : choices.end();
  if (at == choices.end())
    return std::nullopt;
  const std::string own =
      normalized(options.empty() ? *at : options[static_cast<size_t>(at - choices.begin())]);
  const bool agrees = own == normalized(parts->rest) ||
                      own == normalized(without_brackets(without_wrapping(parts->rest)));
  return agrees ? choice : std::nullopt;
}

std::string ChoiceList::as_seen(std::string_view answer) const {
  const bool as_it_is = std::ranges::any_of(choices, has_greek_or_cyrillic) ||
                        std::ranges::any_of(options, has_greek_or_cyrillic);
  const std::string narrow = with_narrow_forms(answer);
  return as_it_is ? narrow : with_latin_letters(narrow);
}

bool ChoiceList::is_text(std::string_view text) const {
  const std::string bare = normalized(without_brackets(without_wrapping(text)));
  return std::ranges::any_of(options.empty() ? choices : options,
                             [&](const std::string& one) { return normalized(one) == bare; });
}

std::string ChoiceList::why_none(std::string_view answer) const {
  const std::string seen = as_seen(answer);
  const std::string_view text = without_wrapping(seen);
  if (is_blank(text))
    return "nothing is said";
  if (const auto parts = labelled(text); parts && is_text(parts->rest))
    return choice_of(parts->label, choices) ? "its letter and its text are two of them"
                                            : "its letter stands for none";
  if (bare_letter(normalized(text)).size() == 1)
    return "no choice has that letter";
  const std::vector<std::string>& texts = options.empty() ? choices : options;
  const auto named = std::ranges::count_if(texts, [&](const std::string& one) {
    return normalized(one).size() > 1 && has_words(text, one);
  });
  if (named > 1)
    return is_text(text) ? "more than one reads so" : "it names several";
  return named == 1 ? "it says more than the choice" : "";
}

std::optional<std::string> ChoiceList::named_in(std::string_view answer) const {
  const std::string seen = as_seen(answer);
  const std::string_view text = without_wrapping(seen);
  if (auto choice = choice_of(text, choices))
    return choice;
  const std::string bare = normalized(text);
  if (auto choice = choice_of(bare_letter(bare), choices))
    return choice;
  if (auto choice = by_text(text))
    return choice;
  return by_letter_and_text(text);
}

Result<ChoiceList> choice_list(const nlohmann::json& truth, const std::string& choices,
                               const std::optional<std::string>& options) {
  auto list = truth_texts(truth, choices);
  if (!list)
    return list.error();
  ChoiceList out{std::move(list.value())};
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
