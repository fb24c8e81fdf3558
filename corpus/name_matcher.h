// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/name_automaton.h"

namespace nelumbo {

/// A name and what it names: any number that the caller knows, several names may share it.
struct OwnedName {
  std::string text;
  int64_t owner = 0;
};

/// Where a name stands in a text: bytes [begin, end).
struct NameHit {
  int64_t begin = 0;
  int64_t end = 0;
  int64_t owner = 0;

  bool operator==(const NameHit&) const = default;
};

/// Finds many names in a text in one pass. Immutable, shared between threads.
///
/// A name is found where the folded text (corpus/fold.h) equals the folded name and no word is cut
/// at either end; one that goes by NameRule::kAsIs only where also the unfolded text equals it.
/// White space within a name is one space, tab or line end. Of hits that overlap, the leftmost
/// counts, and of those that begin together the longest; the search goes on behind it.
class NameMatcher {
 public:
  /// Where two names are the same, the earlier owner is found; of names that differ in case only,
  /// one that is taken as it is goes before one that is taken in any case. Blank names and those
  /// under NameRule::kNever are left out.
  explicit NameMatcher(std::span<const OwnedName> names);

  /// The hits in a text, in order, none overlapping another.
  std::vector<NameHit> find(std::string_view text) const;

  /// Names that can be found, those that differ only in what they own counted once.
  int64_t names() const { return std::ssize(entries_); }
  const NameAutomaton& automaton() const { return *automaton_; }

 private:
  /// One way to write a folded name.
  struct Entry {
    std::string as_is;  ///< the text it must equal; empty when the case is free
    int64_t owner;
  };
  std::optional<int64_t> owner_of(int32_t name, std::string_view written) const;
  std::optional<NameHit> next(std::string_view text, std::string_view plain, size_t from) const;
  void consider(std::string_view text, std::string_view plain, size_t end, int32_t state,
                std::optional<NameHit>* best) const;

  std::vector<Entry> entries_;  ///< of name k: [starts_[k], starts_[k + 1]), the free one last
  std::vector<size_t> starts_;  ///< one more than there are folded names
  std::optional<NameAutomaton> automaton_;
};

}  // namespace nelumbo
