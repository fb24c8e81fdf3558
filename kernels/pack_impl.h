// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/cells.h"
#include "kernels/kernel_table.h"
#include "kernels/vector_math.h"

// Panels of weights: cells of 16 outputs along K are turned 16 by 16 into rows of 64 outputs.

namespace nelumbo {

/// The panel of `columns` rows [columns, K].
template <class V, class Cells>
void fast_pack(const float* rows, int64_t columns, int64_t k, float* panel) {
  using Cell = typename Cells::Cell;
  constexpr int64_t kInputs = kLanes * Cells::kInputs;  // of 16 cells
  auto* to = reinterpret_cast<Cell*>(panel);
  const int64_t steps = Cells::steps(k);
  alignas(64) Cell some[kLanes * kLanes];
  for (int64_t c = 0; c < kPanel; c += kLanes)
    for (int64_t s = 0, input = 0; s < steps; s += kLanes, input += kInputs) {
      for (int64_t r = 0; r < kLanes; ++r)
        if (c + r < columns)
          Cells::row(rows + (c + r) * k + input, k - input < kInputs ? k - input : kInputs,
                     some + r * kLanes);
        else
          __builtin_memset(some + r * kLanes, 0, kLanes * sizeof(Cell));
      V::transpose(some, kLanes, to + s * kPanel + c, kPanel,
                   steps - s < kLanes ? steps - s : kLanes);
    }
}

/// The panel of the transpose that holds the first `columns` columns of w[n, k].
template <class V, class Cells>
void fast_pack_transposed(const float* w, int64_t n, int64_t k, int64_t columns, float* panel) {
  using Cell = typename Cells::Cell;
  auto* to = reinterpret_cast<Cell*>(panel);
  const int64_t steps = Cells::steps(n);
  if (columns < kPanel || steps * Cells::kInputs > n)
    __builtin_memset(to, 0, static_cast<size_t>(steps * kPanel) * sizeof(Cell));
  for (int64_t row = 0; row < n; row += Cells::kInputs, to += kPanel)
    Cells::step(w + row * k, k, n - row, columns, to);
}

}  // namespace nelumbo
