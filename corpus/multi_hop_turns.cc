// SPDX-License-Identifier: Apache-2.0
#include "corpus/multi_hop_turns.h"

#include <algorithm>

namespace nelumbo {

int64_t most_multi_hop(std::span<const double> weights) {
  return kMultiHopTurns *
         std::count_if(weights.begin(), weights.end(), [](double weight) { return weight > 0; });
}

}  // namespace nelumbo
