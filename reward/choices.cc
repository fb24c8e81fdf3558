// SPDX-License-Identifier: Apache-2.0
#include "reward/choices.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "reward/answers.h"
#include "reward/lookalikes.h"
#include "reward/truth.h"

namespace nelumbo {

namespace {

/// What stands in \boxed{}, \text{} or ** that are all of the text, time and again.
std::string_view without_wrapping(std::string_view text) {
  constexpr std::array<std::string_view, 5> kOpen = {"\\boxed{", "\\text{", "\\textbf{",
                                                     "\\mathrm{", "{"};
  text = trimmed(text);
  for (bool changed = true; changed;) {
    changed = false;
    for (const std::string_view open : kOpen) {
      if (!text.starts_with(open) || !text.ends_with('}'))
        continue;
      text = trimmed(text.substr(open.size(), text.size() - open.size() - 1));
      changed = true;
    }
    for (const std::string_view mark : {"**", "$"})
      if (text.size() > 2 * mark.size() && text.starts_with(mark) && text.ends_with(mark)) {
        text = trimmed(text.substr(mark.size(), text.size() - 2 * mark.size()));
        changed = true;
      }
  }
  return text;
}

/// The letter and the rest of "B) text", "(B) text", "B. text", "B: text".
struct Labelled {
  std::string_view label, rest;
};

std::optional<Labelled> labelled(std::string_view text) {
  const bool open = text.starts_with('(');
  if (open)
    text.remove_prefix(1);
  if (text.size() < 3)
    return std::nullopt;
  const char mark = text[1];
  const bool closes = open ? mark == ')' : mark == ')' || mark == '.' || mark == ':';
  if (!closes)
    return std::nullopt;
  const std::string_view rest = trimmed(text.substr(2));
  return rest.empty() ? std::nullopt : std::optional(Labelled{text.substr(0, 1), rest});
}

}  // namespace

std::optional<std::string> ChoiceList::named_in(std::string_view answer) const {
  const bool as_it_is = std::ranges::any_of(choices, has_greek_or_cyrillic) ||
                        std::ranges::any_of(options, has_greek_or_cyrillic);
  const std::string narrow = with_narrow_forms(answer);
  const std::string seen = as_it_is ? narrow : with_latin_letters(narrow);
  const std::string_view text = without_wrapping(seen);
  std::string bare = normalized(text);
  if (options.empty())
    return choice_of(text, choices);
  // "(B)" and "B)" are letters too where the choices are.
  if (bare.starts_with('(') && bare.ends_with(')') && bare.size() == 3)
    bare = bare.substr(1, 1);
  else if (bare.size() == 2 && bare.ends_with(')'))
    bare.pop_back();
  if (auto choice = choice_of(bare, choices))
    return choice;
  const auto of_text = [&](std::string_view option) -> std::optional<std::string> {
    const std::string wanted = normalized(option);
    std::optional<std::string> found;
    for (size_t i = 0; i < options.size(); ++i) {
      if (wanted.empty() || normalized(options[i]) != wanted)
        continue;
      if (found)
        return std::nullopt;
      found = choices[i];
    }
    return found;
  };
  if (auto whole = of_text(text))
    return whole;
  const auto parts = labelled(text);
  if (!parts)
    return std::nullopt;
  const auto by_label = choice_of(parts->label, choices);
  const auto at = by_label ? std::ranges::find(choices, *by_label) : choices.end();
  if (at == choices.end())
    return std::nullopt;
  const auto& option = options[static_cast<size_t>(at - choices.begin())];
  return normalized(option) == normalized(parts->rest) ? by_label : std::nullopt;
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
