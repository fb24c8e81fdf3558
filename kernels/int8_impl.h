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

  /// Rounded rows, and their scales.
  struct Rows {
    const uint32_t* x;
    const float* scales;
  };

  /// The whole numbers of a group, [kRows, 64 columns]. g++ 12 keeps the sums in memory where more
  /// happens in the same function, and where it knows how many steps there are.
  template <int kRows, int kColumns>
  [[gnu::noinline]] void sum(const uint32_t* x, const uint32_t* w, uint32_t* sums) const {
    Tile<Sums, kRows, kColumns> tile;
#pragma GCC unroll 4
    for (int c = 0; c < kColumns; ++c) {
      const Sums start = Q::start(Sums::load(w + kGroupQuads * kPanel + c * kLanes));
#pragma GCC unroll 12
      for (int r = 0; r < kRows; ++r)
        tile.sums[r][c] = start;
    }
    int64_t quads = kGroupQuads;
    asm("" : "+r"(quads));
    tile.template accumulate<Q>(x, groups * kGroupQuads, 1, w, quads, w);
#pragma GCC unroll 12
    for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 4
      for (int c = 0; c < kColumns; ++c)
        tile.sums[r][c].store(sums + r * kPanel + c * kLanes);
    }
  }

  /// y += sums * (scales of the rows * scales of the outputs, which `cells` hold)
  template <int kRows, int kColumns>
  [[gnu::noinline]] void add(const uint32_t* sums, const float* scales, const uint32_t* cells,
                             float* y) const {
    for (int c = 0; c < kColumns * kLanes; c += kLanes) {
      const V w_scales = Sums::load(cells + c).scales();
#pragma GCC unroll 12
      for (int r = 0; r < kRows; ++r) {
        float* at = y + r * kPanel + c;
        const V x_scales = V::set1(scales[r * groups]);
        fma(Sums::load(sums + r * kPanel + c).to_floats(), x_scales * w_scales, V::load(at))
            .store(at);
      }
    }
  }

  /// Of rows that begin at `row` of the result.
  template <int kRows, int kColumns>
  [[gnu::noinline]] void tile(Rows rows, int64_t row, int64_t column) const {
    const int64_t n = args.w->n;
    const uint32_t* w = args.w->cells() + column / kPanel * groups * kPanelGroup + column % kPanel;
    alignas(64) uint32_t sums[kRows * kPanel];
    alignas(64) float total[kRows * kPanel] = {};
    for (int64_t g = 0; g < groups; ++g, w += kPanelGroup) {
      sum<kRows, kColumns>(rows.x + g * kGroupQuads, w, sums);
      add<kRows, kColumns>(sums, rows.scales + g, w + kGroupQuads * kPanel, total);
    }
    float* y = args.y + row * n + column;
    const float* bias = args.bias == nullptr ? nullptr : args.bias + column;
    const int64_t left = n - column, columns = left < kColumns * kLanes ? left : kColumns * kLanes;
    for (int64_t r = 0; r < kRows; ++r)
      for_vectors<V>(columns, [&](int64_t c, auto io) {
        const V value = V::load(total + r * kPanel + c);
        io.store(y + r * n + c, bias == nullptr ? value : value + io.load(bias + c));
      });
  }

  void panel(Rows x, Range rows, int64_t first) const {
    const int64_t left = args.w->n - first;
    for_tiles<V, kTallest>(
        rows, left < kPanel ? left : kPanel,
        [&]<int kRows, int kColumns>(int64_t row, int64_t column) {
          const int64_t at = (row - rows.begin) * groups;
          tile<kRows, kColumns>({x.x + at * kGroupQuads, x.scales + at}, row, first + column);
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
