// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <immintrin.h>

#include "kernels/cells.h"
#include "kernels/kernel_table.h"
#include "kernels/lanes_avx512.h"
#include "kernels/tiles_amx.h"

// Products of int8 by the tile unit, to the formula of int8_impl.h: TDPBSSD multiplies 16 rows of a
// group by 16 outputs, and what it summed is scaled and added by vectors while it multiplies the
// next group. Meanwhile the next panel of weights is asked for, a few lines at a time, so that
// memory never waits for products.

namespace nelumbo {

namespace {

/// The lines of a panel of weights that each of `passes` over the panel before asks for.
class NextPanel {
 public:
  /// `panel` may be null: there is none.
  NextPanel(const uint32_t* panel, int64_t passes)
      : panel_(panel), each_((kLines + passes - 1) / passes) {}

  /// The share of pass `pass` in group `group`.
  void ask(int64_t group, int64_t pass) const {
    if (panel_ == nullptr)
      return;
    const int64_t first = pass * each_, end = first + each_ < kLines ? first + each_ : kLines;
    for (int64_t line = first; line < end; ++line)
      __builtin_prefetch(panel_ + group * kPanelGroup + line * kSide, 0, 2);
  }

 private:
  static constexpr int64_t kLines = kPanelGroup / kSide;

  const uint32_t* panel_;
  int64_t each_;
};

struct GroupedLinear {
  static constexpr int64_t kRows = 128;  // that stay in the second-level cache across panels
  static constexpr int64_t kSums = kSide * kSide;

  const LinearArgs& args;
  const int64_t groups = groups_of(args.w->k);

  /// Rounded rows [count, groups], padded to whole tiles, and their scales, [tiles, groups, 16].
  struct Rows {
    const uint32_t* x;
    const float* scales;
    int64_t begin, count;
  };

  /// The whole numbers of one group: 16 rows of x by 16 outputs of w.
  void sum(const uint32_t* x, const uint32_t* w, uint32_t* sums) const {
    _tile_zero(0);
    _tile_loadd(1, x, groups * kGroupQuads * kBytes);
    _tile_loadd(2, w, kPanel * kBytes);
    asm volatile("tdpbssd %tmm2, %tmm1, %tmm0");
    _tile_stored(0, sums, kSide * kBytes);
  }

  /// y[r] += sums[r] * (scale of row r * scales of the outputs)
  [[gnu::always_inline]] void add(const uint32_t* sums, const float* scales, const uint32_t* w,
                                  F16 (&y)[kSide]) const {
    const F16 w_scales = I16::load(w + kGroupQuads * kPanel).scales();
#pragma GCC unroll 16
    for (int64_t r = 0; r < kSide; ++r)
      y[r] = fma(I16::load(sums + r * kSide).to_floats(), F16::set1(scales[r]) * w_scales, y[r]);
  }

  template <class Io>
  [[gnu::always_inline]] void store(const F16 (&total)[kSide], int64_t rows, int64_t column,
                                    float* y, Io io) const {
    const F16 bias = args.bias == nullptr ? F16::zero() : io.load(args.bias + column);
#pragma GCC unroll 16
    for (int64_t r = 0; r < kSide; ++r)
      if (r < rows)
        io.store(y + r * args.w->n, total[r] + bias);
  }

  /// 16 rows of x by 16 outputs, of which `rows` and `columns` exist and are stored.
  // NOLINTNEXTLINE(readability-function-size): two factors, where they end, and where they go
  void block(const uint32_t* x, const float* scales, const uint32_t* w, int64_t rows,
             int64_t column, float* y, const NextPanel& next, int64_t pass) const {
    alignas(64) uint32_t sums[2][kSums];
    F16 total[kSide];
#pragma GCC unroll 16
    for (F16& one : total)
      one = F16::zero();
    if (groups > 0)
      sum(x, w, sums[0]);
    for (int64_t g = 0; g < groups; ++g) {
      const uint32_t* group = w + g * kPanelGroup;
      next.ask(g, pass);
      if (g + 1 < groups)
        sum(x + (g + 1) * kGroupQuads, group + kPanelGroup, sums[(g + 1) % 2]);
      add(sums[g % 2], scales + g * kSide, group, total);
    }
    const int64_t columns = args.w->n - column;
    if (columns < kSide)
      store(total, rows, column, y, Part<F16>{columns});
    else
      store(total, rows, column, y, Whole<F16>{});
  }

  void panel(const Rows& rows, int64_t first, const NextPanel& next) const {
    const uint32_t* w = args.w->cells() + first / kPanel * groups * kPanelGroup;
    int64_t pass = 0;
    for (int64_t c = 0; c < kPanel && first + c < args.w->n; c += kSide)
      for (int64_t i = 0; i < rows.count; i += kSide)
        block(rows.x + i * groups * kGroupQuads, rows.scales + i * groups, w + c, rows.count - i,
              first + c, args.y + (rows.begin + i) * args.w->n + first + c, next, pass++);
  }

  /// Rounds rows, and adds zeros up to whole tiles.
  Rows rounded(Range rows) const {
    const int64_t m = rows.end - rows.begin, k = args.w->k;
    const int64_t all = rounded_up(m, kSide) * groups;
    uint32_t* x = kernel_cells(all * kGroupQuads);
    float* scales = kernel_scratch(all);
    __builtin_memset(x + m * groups * kGroupQuads, 0,
                     static_cast<size_t>((all - m * groups) * kGroup));
    __builtin_memset(scales, 0, static_cast<size_t>(all) * sizeof(float));
    for (int64_t i = 0; i < m; ++i)
      quantise_row(args.x + (rows.begin + i) * k, k, x + i * groups * kGroupQuads,
                   scales + i / kSide * kSide * groups + i % kSide, kSide);
    return {x, scales, rows.begin, m};
  }

  void run(Range rows, Range panels) const {
    const TileUnit unit;
    for (int64_t i = rows.begin; i < rows.end; i += kRows) {
      const Rows some = rounded({i, i + kRows < rows.end ? i + kRows : rows.end});
      const int64_t passes = rounded_up(some.count, kSide) / kSide * (kPanel / kSide);
      for (int64_t p = panels.begin; p < panels.end; ++p) {
        const uint32_t* after = args.w->cells() + (p + 1) * groups * kPanelGroup;
        panel(some, p * kPanel, NextPanel(p + 1 < panels.end ? after : nullptr, passes));
      }
    }
  }
};

}  // namespace

}  // namespace nelumbo
