// SPDX-License-Identifier: Apache-2.0
#include "model/low_rank.h"

#include "kernels/kernels.h"

namespace nelumbo {

void merge_low_rank(Team& team, const LowRank& change, const float* base, float* merged) {
  PackedMatrix a;
  pack_transposed(change.a.data(), change.rank, change.in, a);
  linear(team, change.b.data(), change.out, a, nullptr, merged);
  team.run(change.out, [&](int64_t row) {
    for (int64_t i = row * change.in; i < (row + 1) * change.in; ++i) {
      const float moved = change.scale * merged[i];
      merged[i] = base[i] + moved;
    }
  });
}

}  // namespace nelumbo
