// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/cells.h"
#include "kernels/gemm_impl.h"
#include "kernels/kernel_table.h"
#include "kernels/vector_math.h"

// Products of int8: dynamic W8A8 quantisation, symmetric, to nearest, with a scale for each group
// of 64 inputs of a row and of an output (as Q8_0 of GGUF has one for each 32):
//   y = sum over groups, in order, of (sum of whole numbers) * (scale of the row * of the output).
// A group's sum is exact, as is the product of its scales, which are bf16; each fma rounds once. So
// every instruction set gives the same bits.
//
// Q holds 16 cells of four int8 and Q::Sums 16 sums. Where the instruction set multiplies unsigned
// by signed numbers, inputs are raised by 128, and sums begin at -128 times the sum of the output's
// weights in the group, which stands beside their scale.

namespace nelumbo {

template <class V, class Q>
struct Int8Linear {
  using Sums = typename Q::Sums;

  const LinearArgs& args;
  const int64_t groups = groups_of(args.w->k);

  /// A group of rounded rows, and its scales.
  struct Rows {
    const uint32_t* x;
    const float* scales;
  };

  template <int kRows, int kColumns>
  [[gnu::always_inline]] void add_group(Rows rows, const uint32_t* w,
                                        Tile<V, kRows, kColumns>& y) const {
    Tile<Sums, kRows, kColumns> tile;
    Sums cells[kColumns];
#pragma GCC unroll 4
    for (int c = 0; c < kColumns; ++c) {
      cells[c] = Sums::load(w + kGroupQuads * kPanel + c * kLanes);
#pragma GCC unroll 12
      for (int r = 0; r < kRows; ++r)
        tile.sums[r][c] = Q::start(cells[c]);
    }
    tile.template accumulate<Q>(rows.x, groups * kGroupQuads, 1, w, kGroupQuads);
#pragma GCC unroll 12
    for (int r = 0; r < kRows; ++r) {
      const V scale = V::set1(rows.scales[r * groups]);
#pragma GCC unroll 4
      for (int c = 0; c < kColumns; ++c)
        y.sums[r][c] = fma(tile.sums[r][c].to_floats(), scale * cells[c].scales(), y.sums[r][c]);
    }
  }

  /// Of rows that begin at `row` of the result.
  template <int kRows, int kColumns>
  [[gnu::noinline]] void tile(Rows rows, int64_t row, int64_t column) const {
    const int64_t n = args.w->n;
    const uint32_t* w = args.w->cells() + column / kPanel * groups * kPanelGroup + column % kPanel;
    Tile<V, kRows, kColumns> tile{};
    for (int64_t g = 0; g < groups; ++g)
      add_group<kRows, kColumns>({rows.x + g * kGroupQuads, rows.scales + g}, w + g * kPanelGroup,
                                 tile);
    float* y = args.y + row * n + column;
    const float* bias = args.bias == nullptr ? nullptr : args.bias + column;
    tile.for_each(n - column, [&](V value, int64_t r, int64_t c, auto io) {
      io.store(y + r * n + c, bias == nullptr ? value : value + io.load(bias + c));
    });
  }

  void panel(Rows x, Range rows, int64_t first) const {
    const int64_t left = args.w->n - first;
    for_column_tiles<V>(left < kPanel ? left : kPanel, [&]<int kColumns>(int64_t column) {
      for_row_tiles<V, kColumns>(rows, [&]<int kRows, int kC>(int64_t row) {
        const int64_t at = (row - rows.begin) * groups;
        tile<kRows, kC>({x.x + at * kGroupQuads, x.scales + at}, row, first + column);
      });
    });
  }

  void run(Range rows, Range panels) const {
    constexpr int64_t kBlock = 96;  // rows that stay in the second-level cache across panels
    for (int64_t i = rows.begin; i < rows.end; i += kBlock) {
      const Range block{i, i + kBlock < rows.end ? i + kBlock : rows.end};
      const int64_t all = (block.end - i) * groups;
      uint32_t* x = kernel_cells(all * kGroupQuads);
      float* scales = kernel_scratch(all);
      for (int64_t r = 0; r < block.end - i; ++r)
        quantise_row(args.x + (i + r) * args.w->k, args.w->k, x + r * groups * kGroupQuads,
                     scales + r * groups);
      for (int64_t p = panels.begin; p < panels.end; ++p)
        panel({x, scales}, block, p * kPanel);
    }
  }
};

template <class V, class Q>
void fast_linear_int8(const LinearArgs& args, Range rows, Range panels) {
  Int8Linear<V, Q>{args}.run(rows, panels);
}

}  // namespace nelumbo
