// SPDX-License-Identifier: Apache-2.0
#include "corpus/name_matcher.h"

#include <algorithm>
#include <utility>

#include "corpus/fold.h"
#include "corpus/name_rules.h"

namespace nelumbo {
namespace {

/// A name under its folded form.
struct Folded {
  std::string key;
  std::string as_is;  ///< empty when the case is free
  size_t order;
  int64_t owner;
};

std::vector<Folded> folded_names(std::span<const OwnedName> names) {
  std::vector<Folded> result;
  for (size_t i = 0; i < names.size(); ++i) {
    const NameRule rule = name_rule(names[i].text);
    std::string key = folded(names[i].text);
    if (rule == NameRule::kNever || key.find_first_not_of(' ') == std::string::npos)
      continue;
    result.push_back(
        {std::move(key), rule == NameRule::kAsIs ? names[i].text : "", i, names[i].owner});
  }
  std::sort(result.begin(), result.end(), [](const Folded& a, const Folded& b) {
    if (a.key != b.key)
      return a.key < b.key;
    if (a.as_is != b.as_is)
      return a.as_is > b.as_is;  // the free one, which is empty, last
    return a.order < b.order;
  });
  result.erase(std::unique(result.begin(), result.end(),
                           [](const Folded& a, const Folded& b) {
                             return a.key == b.key && a.as_is == b.as_is;
                           }),
               result.end());
  return result;
}

}  // namespace

NameMatcher::NameMatcher(std::span<const OwnedName> names) {
  std::vector<std::string> keys;
  for (Folded& name : folded_names(names)) {
    if (keys.empty() || keys.back() != name.key) {
      starts_.push_back(entries_.size());
      keys.push_back(std::move(name.key));
    }
    entries_.push_back({std::move(name.as_is), name.owner});
  }
  starts_.push_back(entries_.size());
  automaton_.emplace(keys);
}

std::optional<int64_t> NameMatcher::owner_of(int32_t name, std::string_view written) const {
  const auto key = static_cast<size_t>(name);
  for (size_t i = starts_[key]; i < starts_[key + 1]; ++i)
    if (entries_[i].as_is.empty() || entries_[i].as_is == written)
      return entries_[i].owner;
  return std::nullopt;
}

/// The names that end at `end`: the longest one that is written rightly may become the best hit.
void NameMatcher::consider(std::string_view text, std::string_view plain, size_t end, int32_t state,
                           std::optional<NameHit>* best) const {
  if (end < plain.size() && !is_boundary(plain[end - 1], plain[end]))
    return;
  if (automaton_->name(state) < 0)
    state = automaton_->shorter(state);
  for (; state > NameAutomaton::kRoot; state = automaton_->shorter(state)) {
    const auto length = static_cast<size_t>(automaton_->depth(state));
    const auto begin = static_cast<int64_t>(end - length);
    if (*best && begin > (*best)->begin)
      return;
    if (const auto owner = owner_of(automaton_->name(state), text.substr(end - length, length))) {
      *best = NameHit{begin, static_cast<int64_t>(end), *owner};
      return;
    }
  }
}

/// The leftmost-longest hit that begins at `from` or later. It is certain as soon as the state,
/// which is all that still may become a name, begins behind it.
std::optional<NameHit> NameMatcher::next(std::string_view text, std::string_view plain,
                                         size_t from) const {
  const NameAutomaton& automaton = *automaton_;
  std::optional<NameHit> best;
  int32_t state = NameAutomaton::kRoot;
  for (size_t i = from; i < plain.size();) {
    const char byte = plain[i++];
    const int32_t child = automaton.child(state, byte);
    state = child == NameAutomaton::kNone ? automaton.fall(state, byte) : child;
    if (state == NameAutomaton::kInWord) {
      if (best)
        return best;
      while (i < plain.size() && in_word(plain[i]))
        ++i;
      state = NameAutomaton::kRoot;
      continue;
    }
    if (automaton.ends_name(state))
      consider(text, plain, i, state, &best);
    const bool moved = child == NameAutomaton::kNone;  // else the state begins where it began
    if (moved && best && static_cast<int64_t>(i) - automaton.depth(state) > best->begin)
      return best;
  }
  return best;
}

std::vector<NameHit> NameMatcher::find(std::string_view text) const {
  const std::string plain = folded(text);
  std::vector<NameHit> hits;
  size_t from = 0;
  while (const std::optional<NameHit> hit = next(text, plain, from)) {
    hits.push_back(*hit);
    from = static_cast<size_t>(hit->end);
  }
  return hits;
}

}  // namespace nelumbo
