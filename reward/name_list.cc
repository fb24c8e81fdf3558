// SPDX-License-Identifier: Apache-2.0
#include "reward/name_list.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/ascii.h"
#include "reward/answers.h"
#include "reward/choice_labels.h"

namespace nelumbo {

namespace {

using Form = std::string ComparedName::*;

int64_t characters_in(std::string_view text) {
  return std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

std::string_view without_article(std::string_view text) {
  std::string_view rest = text;
  if (take_one(rest, {"the ", "The ", "THE "}))
    return rest;
  const bool had_other = take_one(rest, {"a ", "an ", "An "});
  const bool is_word = rest.size() > 2 && is_ascii_letter(rest[0]) && is_ascii_letter(rest[1]);
  return had_other && !is_word ? text : rest;
}

/// The places of the names that are `text` in the form `low`, and if possible in `in_case`.
std::vector<size_t> places_in(const std::vector<ComparedName>& names, const ComparedName& text,
                              Form low, Form in_case) {
  std::vector<size_t> in_any_case, in_its_case;
  if ((text.*low).empty())
    return {};
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i].*low != text.*low)
      continue;
    in_any_case.push_back(i);
    if (names[i].*in_case == text.*in_case)
      in_its_case.push_back(i);
  }
  if (!in_its_case.empty() || in_any_case.empty())
    return in_its_case;
  const std::string& way = names[in_any_case.front()].*in_case;
  const bool are_alike =
      std::ranges::all_of(in_any_case, [&](size_t i) { return names[i].*in_case == way; });
  return are_alike ? in_any_case : in_its_case;
}

}  // namespace

ComparedName::ComparedName(std::string_view text) : in_case(normalized_in_case(text)) {
  low = normalized(in_case);
  const std::string_view bare = without_article(text);
  bare_in_case = bare.size() == text.size() ? in_case : normalized_in_case(bare);
  bare_low = bare.size() == text.size() ? low : normalized(bare_in_case);
}

NameList::NameList(std::vector<std::string> names) {
  auto shared = std::make_shared<Shared>();
  shared->names = std::move(names);
  shared->compared = {shared->names.begin(), shared->names.end()};
  shared->letters_are_free = std::ranges::all_of(
      shared->compared, [](const ComparedName& name) { return characters_in(name.low) > 1; });
  shared_ = std::move(shared);
}

std::vector<size_t> NameList::exact_places(const ComparedName& text) const {
  return places_in(shared_->compared, text, &ComparedName::low, &ComparedName::in_case);
}

std::vector<size_t> NameList::places(const ComparedName& text) const {
  const std::vector<size_t> exact = exact_places(text);
  return exact.empty() ? places_in(shared_->compared, text, &ComparedName::bare_low,
                                   &ComparedName::bare_in_case)
                       : exact;
}

bool NameList::holds_in_any_case(std::string_view text) const {
  return std::ranges::find(shared_->compared, normalized(text), &ComparedName::low) !=
         shared_->compared.end();
}

std::optional<size_t> NameList::lettered_place(const ComparedName& answer) const {
  const auto& all = shared_->compared;
  const auto same = std::ranges::find(all, answer.low, &ComparedName::low);
  if (same != all.end())
    return static_cast<size_t>(same - all.begin());
  std::string_view word = answer.low;
  if (word.starts_with('('))
    word.remove_prefix(1);
  if (word.ends_with(')'))
    word.remove_suffix(1);
  if (!shared_->letters_are_free || word.size() != 1 || word[0] < 'a')
    return std::nullopt;
  const auto place = static_cast<size_t>(word[0] - 'a');
  return place < all.size() ? std::optional(place) : std::nullopt;
}

}  // namespace nelumbo
