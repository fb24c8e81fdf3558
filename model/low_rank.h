// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "kernels/team.h"

namespace nelumbo {

/// The change scale * B A of a weight [out, in].
struct LowRank {
  int64_t out = 0;
  int64_t in = 0;
  int64_t rank = 0;
  float scale = 0;
  std::span<const float> a;  ///< [rank, in]
  std::span<const float> b;  ///< [out, rank]
};

/// merged = base + scale * (B A), each [out, in]. An element of B A is fma-accumulated over the
/// rank in order; the product with the scale and the sum are then rounded. So whoever merges the
/// same factors gets the same bits. REQUIRES: `merged` is another place than `base`.
void merge_low_rank(Team& team, const LowRank& change, const float* base, float* merged);

}  // namespace nelumbo
