// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/cells.h"
#include "kernels/gemm_impl.h"
#include "kernels/kernel_table.h"
#include "kernels/vector_math.h"

// Products of int8, y = (sum of whole numbers) * (scale of the row * scale of the output): dynamic
// W8A8 quantisation, symmetric, to nearest (Dettmers et al., 2022, LLM.int8(), section 2.1). The
// sums are exact, so their order never shows in the bits.
//
// Q holds 16 cells of four int8 and Q::Sums 16 sums. Where the instruction set multiplies unsigned
// by signed numbers, inputs are raised by Q::kOffset = 128; 128 times the sum of an output's
// weights, which stands in its panel, is then taken off again.

namespace nelumbo {

template <class V, class Q>
struct Int8Linear {
  using Sums = typename Q::Sums;

  const LinearArgs& args;
  const int64_t quads = quads_of(args.w->k);

  /// Of rows x_RQ, to be multiplied by `scales`, that begin at `row` of the result.
  template <int kRows, int kColumns>
  [[gnu::noinline]] void tile(const uint32_t* x, const float* scales, int64_t row,
                              int64_t column) const {
    const int64_t n = args.w->n;
    const uint32_t* w = args.w->cells() +
                        column / kPanel * panel_size(Precision::kInt8, args.w->k) + column % kPanel;
    Tile<Sums, kRows, kColumns> tile{};
    tile.template accumulate<Q>(x, quads, 1, w, quads);
    const float* w_scales = args.w->panels.data() + (w - args.w->cells()) + quads * kPanel;
    const uint32_t* raised = w + (quads + 1) * kPanel;
    float* y = args.y + row * n + column;
    const float* bias = args.bias == nullptr ? nullptr : args.bias + column;
    tile.template for_each<V>(n - column, [&](Sums sum, int64_t r, int64_t c, auto io) {
      if constexpr (Q::kOffset != 0)
        sum = sum - Sums::load(raised + c);
      const V value = sum.to_floats() * (V::set1(scales[r]) * V::load(w_scales + c));
      io.store(y + r * n + c, bias == nullptr ? value : value + io.load(bias + c));
    });
  }

  void panel(const uint32_t* x, const float* scales, Range rows, int64_t first) const {
    const int64_t left = args.w->n - first;
    for_column_tiles<V>(left < kPanel ? left : kPanel, [&]<int kColumns>(int64_t column) {
      for_row_tiles<V, kColumns>(rows, [&]<int kRows, int kC>(int64_t row) {
        const int64_t at = row - rows.begin;
        tile<kRows, kC>(x + at * quads, scales + at, row, first + column);
      });
    });
  }

  void run(Range rows, Range panels) const {
    constexpr int64_t kBlock = 96;  // rows that stay in the second-level cache across panels
    for (int64_t i = rows.begin; i < rows.end; i += kBlock) {
      const Range block{i, i + kBlock < rows.end ? i + kBlock : rows.end};
      uint32_t* x = kernel_cells((block.end - i) * quads);
      float scales[kBlock];
      for (int64_t r = i; r < block.end; ++r)
        scales[r - i] = quantise_row(args.x + r * args.w->k, args.w->k, quads, x + (r - i) * quads);
      for (int64_t p = panels.begin; p < panels.end; ++p)
        panel(x, scales, block, p * kPanel);
    }
  }
};

template <class V, class Q>
void fast_linear_int8(const LinearArgs& args, Range rows, Range panels) {
  Int8Linear<V, Q>{args}.run(rows, panels);
}

}  // namespace nelumbo
