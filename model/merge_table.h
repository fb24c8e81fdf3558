// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace nelumbo {

/// Which pairs of tokens become one, and which of two pairs does so first. Immutable.
class MergeTable {
 public:
  /// `left` and `right` become `merged`.
  struct Merge {
    int32_t left = 0;
    int32_t right = 0;
    int32_t merged = 0;
  };
  struct Entry {
    int32_t right = 0;
    int32_t rank = 0;  ///< 0 is done first
    int32_t merged = 0;
  };

  /// Earlier merges are done first. Of two merges of one pair the earlier counts.
  explicit MergeTable(const std::vector<Merge>& merges = {});

  /// What a pair becomes; null where it has no merge. Takes steps by the logarithm of the number of
  /// merges that `left` has.
  const Entry* find(int32_t left, int32_t right) const;

  /// The merge, by its place in the list, whose pair stands earlier in the list too.
  std::optional<int32_t> repeated() const { return repeated_; }

 private:
  std::vector<Entry> entries_;       ///< by (left, right)
  std::vector<int32_t> rows_{0, 0};  ///< by left: where its entries begin; the last ends all
  std::optional<int32_t> repeated_;
};

}  // namespace nelumbo
