// SPDX-License-Identifier: Apache-2.0
#include "learner/collectives.h"

#include "base/check.h"

namespace nelumbo {

Result<void> SingleRank::all_reduce_sum(std::span<float> /*values*/, Deadline /*deadline*/) {
  return state();
}

Result<void> SingleRank::broadcast(std::span<float> /*values*/, int64_t root,
                                   Deadline /*deadline*/) {
  NELUMBO_CHECK(root == 0) << "rank " << root << " of a learner alone";
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
