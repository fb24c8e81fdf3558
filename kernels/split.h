// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>

#include "kernels/kernel_table.h"
#include "kernels/team.h"

namespace nelumbo {

/// Calls work(Range) on contiguous parts of [0, total), one for each member of the team, but none
/// smaller than `grain`: waking a member costs more than a small part is worth.
template <class Work>
void split(Team& team, int64_t total, int64_t grain, const Work& work) {
  const int64_t parts = std::clamp<int64_t>(total / std::max<int64_t>(grain, 1), 1, team.threads());
  if (parts == 1) {
    if (total > 0)
      work(Range{0, total});
    return;
  }
  const auto part = [&](int64_t i) { work(Range{total * i / parts, total * (i + 1) / parts}); };
  team.run(parts, std::ref(part));
}

/// The rows of a part that make a cheap elementwise kernel worth a second thread.
inline int64_t row_grain(int64_t row_size) {
  constexpr int64_t kElements = 16384;
  return kElements / std::max<int64_t>(row_size, 1) + 1;
}

}  // namespace nelumbo
