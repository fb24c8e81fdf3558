// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/kernel_table.h"
#include "kernels/vector_math.h"

// Matrix products from register tiles of R rows by 16 C columns: each step loads C vectors of b,
// and each of R broadcast values of a updates C sums. A sum is one chain of fma in step order, in
// whatever tile it stands, so the tile's height never shows in the bits.

namespace nelumbo {

template <class V, int kRows, int kColumns>
struct Tile {
  V sums[kRows][kColumns];

  /// sums[r][c] += a[r row_stride + s step_stride] * b[s 64 + 16 c ..] over all steps s.
  [[gnu::always_inline]] void accumulate(const float* a, int64_t row_stride, int64_t step_stride,
                                         const float* b, int64_t steps) {
#pragma GCC unroll 2
    for (int64_t s = 0; s < steps; ++s) {
      V columns[kColumns];
#pragma GCC unroll 4
      for (int c = 0; c < kColumns; ++c)
        columns[c] = V::load(b + s * kPanel + c * kLanes);
#pragma GCC unroll 12
      for (int r = 0; r < kRows; ++r) {
        const V value = V::set1(a[r * row_stride + s * step_stride]);
#pragma GCC unroll 4
        for (int c = 0; c < kColumns; ++c)
          sums[r][c] = fma(value, columns[c], sums[r][c]);
      }
    }
  }

  /// Calls f(sum, r, column, io) for the vectors that hold the first `columns` columns.
  template <class F>
  [[gnu::always_inline]] void for_each(int64_t columns, const F& f) {
#pragma GCC unroll 12
    for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 4
      for (int c = 0; c < kColumns; ++c) {
        const int64_t left = columns - c * kLanes;
        if (left >= kLanes)
          f(sums[r][c], r, c * kLanes, Whole<V>{});
        else if (left > 0)
          f(sums[r][c], r, c * kLanes, Part<V>{left});
      }
    }
  }
};

/// Cuts rows into tiles of the height that suits C, and the rest into halves:
/// run.template operator()<R, C>(first row).
template <class V, int kColumns, class Run>
[[gnu::always_inline]] inline void for_row_tiles(Range rows, const Run& run) {
  constexpr int kTall = V::tile_rows(kColumns);
  int64_t i = rows.begin;
  for (; rows.end - i >= kTall; i += kTall)
    run.template operator()<kTall, kColumns>(i);
  if constexpr (kTall > 6) {
    for (; rows.end - i >= 6; i += 6)
      run.template operator()<6, kColumns>(i);
  }
  for (; rows.end - i >= 4; i += 4)
    run.template operator()<4, kColumns>(i);
  for (; rows.end - i >= 2; i += 2)
    run.template operator()<2, kColumns>(i);
  for (; i < rows.end; ++i)
    run.template operator()<1, kColumns>(i);
}

/// Cuts one panel of `columns` columns into tiles: run.template operator()<C>(first column).
template <class V, class Run>
[[gnu::always_inline]] inline void for_column_tiles(int64_t columns, const Run& run) {
  constexpr int kWide = V::kTileColumns;
  int64_t c = 0;
  for (; columns - c > (kWide - 1) * kLanes; c += kWide * kLanes)
    run.template operator()<kWide>(c);
  if constexpr (kWide == 4) {
    if (columns - c > 2 * kLanes)
      run.template operator()<3>(c);
    else if (columns - c > kLanes)
      run.template operator()<2>(c);
    else if (columns - c > 0)
      run.template operator()<1>(c);
  }
}

template <class V>
struct Linear {
  const LinearArgs& args;

  template <int kRows, int kColumns>
  [[gnu::noinline]] void tile(int64_t row, int64_t column) const {
    const int64_t k = args.w->k;
    const int64_t n = args.w->n;
    Tile<V, kRows, kColumns> tile{};
    tile.accumulate(args.x + row * k, k, 1,
                    args.w->panels.data() + column / kPanel * k * kPanel + column % kPanel, k);
    float* y = args.y + row * n + column;
    const float* bias = args.bias == nullptr ? nullptr : args.bias + column;
    tile.for_each(n - column, [&](V sum, int64_t r, int64_t c, auto io) {
      io.store(y + r * n + c, bias == nullptr ? sum : sum + io.load(bias + c));
    });
  }

  void panel(Range rows, int64_t first) const {
    const int64_t left = args.w->n - first;
    for_column_tiles<V>(left < kPanel ? left : kPanel, [&]<int kColumns>(int64_t column) {
      for_row_tiles<V, kColumns>(
          rows, [&]<int kRows, int kC>(int64_t row) { tile<kRows, kC>(row, first + column); });
    });
  }

  void run(Range rows, Range panels) const {
    constexpr int64_t kBlock = 96;  // rows that stay in the second-level cache across panels
    for (int64_t i = rows.begin; i < rows.end; i += kBlock) {
      const Range block{i, i + kBlock < rows.end ? i + kBlock : rows.end};
      for (int64_t p = panels.begin; p < panels.end; ++p)
        panel(block, p * kPanel);
    }
  }
};

/// dw += dy^T x: rows of a tile are outputs, columns are inputs, steps are the rows of the batch.
template <class V>
struct WeightGradient {
  static constexpr int64_t kSteps = 96;  // a packed panel of x then fits the first-level cache

  const WeightGradientArgs& args;

  template <int kRows, int kColumns>
  [[gnu::noinline]] void tile(const float* dy, const float* x, int64_t steps, float* dw,
                              int64_t columns) const {
    Tile<V, kRows, kColumns> tile;
    const int64_t k = args.k;
#pragma GCC unroll 12
    for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 4
      for (int c = 0; c < kColumns; ++c) {
        const int64_t left = columns - c * kLanes;
        tile.sums[r][c] = left >= kLanes ? V::load(dw + r * k + c * kLanes)
                                         : V::load_n(dw + r * k + c * kLanes, left);
      }
    }
    tile.accumulate(dy, 1, args.n, x, steps);
    tile.for_each(columns,
                  [&](V sum, int64_t r, int64_t c, auto io) { io.store(dw + r * k + c, sum); });
  }

  void pack(const float* x, int64_t steps, int64_t columns, float* to) const {
    for (int64_t s = 0; s < steps; ++s)
      for_vectors<V>(columns, [&](int64_t i, auto io) {
        io.load(x + s * args.k + i).store(to + s * kPanel + i);
      });
  }

  void panel(int64_t step, int64_t steps, int64_t f, Range outputs, float* packed) const {
    const int64_t columns = args.k - f < kPanel ? args.k - f : kPanel;
    pack(args.x + step * args.k + f, steps, columns, packed);
    for_column_tiles<V>(columns, [&]<int kColumns>(int64_t column) {
      for_row_tiles<V, kColumns>(outputs, [&]<int kRows, int kC>(int64_t j) {
        tile<kRows, kC>(args.dy + step * args.n + j, packed + column, steps,
                        args.dw + j * args.k + f + column, columns - column);
      });
    });
  }

  void bias(Range outputs) const {
    for_vectors<V>(outputs.end - outputs.begin, [&](int64_t j, auto io) {
      const float* dy = args.dy + outputs.begin + j;
      V sum = V::zero();
      for (int64_t i = 0; i < args.m; ++i)
        sum = sum + io.load(dy + i * args.n);
      float* dbias = args.dbias + outputs.begin + j;
      io.store(dbias, io.load(dbias) + sum);
    });
  }

  void run(Range outputs) const {
    alignas(64) float packed[kSteps * kPanel];
    for (int64_t step = 0; step < args.m; step += kSteps) {
      const int64_t steps = args.m - step < kSteps ? args.m - step : kSteps;
      for (int64_t f = 0; f < args.k; f += kPanel)
        panel(step, steps, f, outputs, packed);
    }
    if (args.dbias != nullptr)
      bias(outputs);
  }
};

template <class V>
void fast_linear(const LinearArgs& args, Range rows, Range panels) {
  Linear<V>{args}.run(rows, panels);
}

template <class V>
void fast_weight_gradient(const WeightGradientArgs& args, Range outputs) {
  WeightGradient<V>{args}.run(outputs);
}

}  // namespace nelumbo
