// SPDX-License-Identifier: Apache-2.0
#include "learner/collectives.h"

#include <algorithm>

#include "base/check.h"

namespace nelumbo {
namespace {

template <class T>
void copy(std::span<const T> from, std::span<T> to) {
  NELUMBO_CHECK(from.size() == to.size()) << "a learner alone gets as much as it gives";
  std::ranges::copy(from, to.begin());
}

}  // namespace

Result<void> SingleRank::reduce_scatter_sum(std::span<const float> values, std::span<float> mine,
                                            Deadline /*deadline*/) {
  copy(values, mine);
  return state();
}

Result<void> SingleRank::all_gather(std::span<const float> mine, std::span<float> all,
                                    Deadline /*deadline*/) {
  copy(mine, all);
  return state();
}

Result<void> SingleRank::all_gather(std::span<const double> mine, std::span<double> all,
                                    Deadline /*deadline*/) {
  copy(mine, all);
  return state();
}

Result<void> SingleRank::barrier(Deadline /*deadline*/) {
  return state();
}

Result<void> SingleRank::state() const {
  if (aborted_)
    return Error{Errc::kUnavailable, "collectives: aborted; start the learner group anew"};
  return {};
}

}  // namespace nelumbo
