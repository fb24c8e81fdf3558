// SPDX-License-Identifier: Apache-2.0
#include "corpus/naive_names.h"

#include <algorithm>

#include "corpus/fold.h"
#include "corpus/name_rules.h"

namespace nelumbo {

NaiveNames::NaiveNames(std::span<const OwnedName> names) {
  for (const OwnedName& name : names)
    if (name_rule(name.text) != NameRule::kNever && !name.text.empty()) {
      names_[folded(name.text)].push_back(name);
      longest_ = std::max(longest_, name.text.size());
    }
}

std::vector<NameHit> NaiveNames::find(std::string_view text) const {
  const std::string plain = folded(text);
  std::vector<NameHit> hits;
  for (size_t begin = 0; begin < text.size();) {
    const std::optional<NameHit> hit = at(text, plain, begin);
    if (hit)
      hits.push_back(*hit);
    begin = hit ? static_cast<size_t>(hit->end) : begin + 1;
  }
  return hits;
}

std::optional<NameHit> NaiveNames::at(std::string_view text, const std::string& plain,
                                      size_t begin) const {
  if (begin > 0 && !is_boundary(plain[begin - 1], plain[begin]))
    return std::nullopt;
  for (size_t length = std::min(longest_, text.size() - begin); length > 0; --length) {
    const size_t end = begin + length;
    if (end < plain.size() && !is_boundary(plain[end - 1], plain[end]))
      continue;
    const auto same = names_.find(plain.substr(begin, length));
    if (same == names_.end())
      continue;
    for (const NameRule rule : {NameRule::kAsIs, NameRule::kAnyCase})
      for (const OwnedName& name : same->second)
        if (name_rule(name.text) == rule &&
            (rule == NameRule::kAnyCase || name.text == text.substr(begin, length)))
          return NameHit{static_cast<int64_t>(begin), static_cast<int64_t>(end), name.owner};
  }
  return std::nullopt;
}

SearchCheck check_search(const NameMatcher& matcher, const NaiveNames& naive,
                         std::span<const std::string_view> texts, int64_t count) {
  SearchCheck check;
  check.texts = std::min(count, std::ssize(texts));
  for (int64_t i = 0; i < check.texts; ++i) {
    const int64_t place = i * std::ssize(texts) / check.texts;
    const std::string_view text = texts[static_cast<size_t>(place)];
    const std::vector<NameHit> hits = matcher.find(text);
    check.hits += std::ssize(hits);
    if (hits == naive.find(text))
      continue;
    ++check.different;
    check.first_different = check.first_different.value_or(place);
  }
  return check;
}

}  // namespace nelumbo
