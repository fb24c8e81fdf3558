// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace nelumbo {

/// How often make_multi_hop() (corpus/multi_hop.h) comes back to each start.
constexpr int kMultiHopTurns = 16;

/// More questions it never gives: a turn of a start, one with a weight above 0, gives one at most.
int64_t most_multi_hop(std::span<const double> weights);

}  // namespace nelumbo
