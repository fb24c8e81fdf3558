// SPDX-License-Identifier: Apache-2.0
#include "model/merge_table.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace nelumbo {

MergeTable::MergeTable(const std::vector<Merge>& merges) {
  std::vector<int32_t> order(merges.size());
  std::iota(order.begin(), order.end(), 0);
  const auto key = [&](int32_t i) { return std::tuple(merges[i].left, merges[i].right, i); };
  std::sort(order.begin(), order.end(), [&](int32_t a, int32_t b) { return key(a) < key(b); });
  const Merge* last = nullptr;
  for (const int32_t i : order) {
    const Merge& merge = merges[i];
    if (last != nullptr && last->left == merge.left && last->right == merge.right) {
      repeated_ = std::min(repeated_.value_or(i), i);
      continue;
    }
    last = &merge;
    rows_.resize(std::max<size_t>(rows_.size(), merge.left + 2),
                 static_cast<int32_t>(entries_.size()));
    entries_.push_back({merge.right, i, merge.merged});
    rows_[merge.left + 1] = static_cast<int32_t>(entries_.size());
  }
}

const MergeTable::Entry* MergeTable::find(int32_t left, int32_t right) const {
  if (left + 1 >= std::ssize(rows_))
    return nullptr;
  const Entry* begin = entries_.data() + rows_[left];
  const Entry* end = entries_.data() + rows_[left + 1];
  const Entry* found = std::lower_bound(
      begin, end, right, [](const Entry& entry, int32_t wanted) { return entry.right < wanted; });
  return found != end && found->right == right ? found : nullptr;
}

}  // namespace nelumbo
