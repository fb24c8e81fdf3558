// SPDX-License-Identifier: Apache-2.0
#include "learner/rank_share.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace nelumbo {
namespace {

int64_t rows_of(const PackedBatch& batch) {
  return std::ssize(batch.tokens);
}

/// The rank of each batch.
std::vector<int64_t> dealt(const std::vector<PackedBatch>& batches, int64_t ranks) {
  std::vector<size_t> order(batches.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(
      order, [&](size_t a, size_t b) { return rows_of(batches[a]) > rows_of(batches[b]); });
  std::vector<int64_t> owner(batches.size());
  std::vector<int64_t> rows(static_cast<size_t>(ranks), 0);
  for (const size_t b : order) {
    const auto least = std::ranges::min_element(rows);
    *least += rows_of(batches[b]);
    owner[b] = least - rows.begin();
  }
  return owner;
}

}  // namespace

RankShare rank_share(std::span<const TrainingGroup> groups, const PackOptions& options,
                     int64_t rank, int64_t ranks) {
  RankShare share{pack(groups, options), {}};
  if (!share.batches.empty())
    share.tasks = share.batches.front().tasks;
  if (ranks == 1)
    return share;
  const int64_t rows = std::transform_reduce(share.batches.begin(), share.batches.end(), int64_t{0},
                                             std::plus<>(), rows_of);
  PackOptions finer = options;
  finer.max_tokens = std::min(options.max_tokens, (rows + ranks - 1) / ranks);
  std::vector<PackedBatch> all = pack(groups, finer);
  const std::vector<int64_t> owner = dealt(all, ranks);
  share.batches.clear();
  for (size_t b = 0; b < all.size(); ++b)
    if (owner[b] == rank)
      share.batches.push_back(std::move(all[b]));
  return share;
}

}  // namespace nelumbo
