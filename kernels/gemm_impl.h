// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/cells.h"
#include "kernels/kernel_table.h"
#include "kernels/vector_math.h"

// Matrix products from register tiles of R rows by 16 C columns: each step loads C vectors of b,
// and each of R broadcast cells of a updates C sums. A sum is one chain of fma in step order, in
// whatever tile it stands, so the tile's height never shows in the bits. Cells are floats or pairs
// of bf16, see cells.h.

namespace nelumbo {

template <class V, int kRows, int kColumns>
struct Tile {
  /// Steps before its turn that a vector of b is fetched where its neighbours in memory wait for
  /// other tiles, as no processor foresees that.
  static constexpr int64_t kAhead = 16;

  V sums[kRows][kColumns];

  /// sums[r][c] += a[r row_stride + s step_stride] * b[s 64 + 16 c ..] over all steps s. A vector
  /// behind `ahead` is asked for at each step.
  template <class In, class Cell>
  [[gnu::always_inline]] void accumulate(const Cell* a, int64_t row_stride, int64_t step_stride,
                                         const Cell* b, int64_t steps, const Cell* ahead) {
#pragma GCC unroll 2
    for (int64_t s = 0; s < steps; ++s) {
      if constexpr (kRows == 1) {  // no column is needed twice, nor a register for it
        const In value = In::set1(a[s * step_stride]);
#pragma GCC unroll 4
        for (int c = 0; c < kColumns; ++c)
          sums[0][c] = fma(value, In::load(b + s * kPanel + c * kLanes), sums[0][c]);
        continue;
      }
      if constexpr (kColumns == 1)
        __builtin_prefetch(b + (s + kAhead) * kPanel);
      else
        __builtin_prefetch(ahead + s * kLanes, 0, 2);
      In columns[kColumns];
#pragma GCC unroll 4
      for (int c = 0; c < kColumns; ++c)
        columns[c] = In::load(b + s * kPanel + c * kLanes);
#pragma GCC unroll 12
      for (int r = 0; r < kRows; ++r) {
        const In value = In::set1(a[r * row_stride + s * step_stride]);
#pragma GCC unroll 4
        for (int c = 0; c < kColumns; ++c)
          sums[r][c] = fma(value, columns[c], sums[r][c]);
      }
    }
  }

  /// Calls f(sum, r, column, io) for the vectors that hold the first `columns` columns; io reads
  /// and writes vectors of floats.
  template <class Floats = V, class F>
  [[gnu::always_inline]] void for_each(int64_t columns, const F& f) {
#pragma GCC unroll 12
    for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 4
      for (int c = 0; c < kColumns; ++c) {
        const int64_t left = columns - c * kLanes;
        if (left >= kLanes)
          f(sums[r][c], r, c * kLanes, Whole<Floats>{});
        else if (left > 0)
          f(sums[r][c], r, c * kLanes, Part<Floats>{left});
      }
    }
  }
};

/// Cuts rows into tiles of `kTall` rows, and the rest into halves:
/// run.template operator()<R, C>(first row).
template <int kTall, int kColumns, class Run>
[[gnu::always_inline]] inline void for_row_tiles(Range rows, const Run& run) {
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

constexpr int kTallest = 12;  // rows of a tile

/// Cuts one panel of `columns` columns into tiles: run.template operator()<C>(first column).
template <int kWide, class Run>
[[gnu::always_inline]] inline void for_column_tiles(int64_t columns, const Run& run) {
  int64_t c = 0;
  for (; columns - c > (kWide - 1) * kLanes; c += kWide * kLanes)
    run.template operator()<kWide>(c);
  if constexpr (kWide == 4) {
    if (columns - c > 2 * kLanes)
      return run.template operator()<3>(c);
    if (columns - c > kLanes)
      return run.template operator()<2>(c);
  }
  if (kWide > 1 && columns - c > 0)
    run.template operator()<1>(c);
}

/// Cuts rows of a panel of `columns` columns into tiles, of the height that suits C but no more
/// than kMost: run.template operator()<R, C>(row, first column). Where a tile is one vector wide, a
/// few rows have too few sums to keep the processor busy; they take wider tiles, and read the panel
/// once, in order.
template <class V, int kMost, class Run>
[[gnu::always_inline]] inline void for_tiles(Range rows, int64_t columns, const Run& run) {
  constexpr int kWide = V::kTileColumns, kTall = V::tile_rows(kWide);
  const int64_t few = kWide > 1 ? 0 : (rows.end - rows.begin) % kTall % 4;
  const Range many{rows.begin, rows.end - few};
  for_column_tiles<kWide>(columns, [&]<int kColumns>(int64_t column) {
    constexpr int kSuits = V::tile_rows(kColumns);
    for_row_tiles<(kSuits < kMost ? kSuits : kMost), kColumns>(
        many,
        [&]<int kRows, int kC>(int64_t row) { run.template operator()<kRows, kC>(row, column); });
  });
  if constexpr (kWide == 1) {
    if (few > 1)
      for_column_tiles<2>(columns, [&]<int kColumns>(int64_t column) {
        run.template operator()<2, kColumns>(many.end, column);
      });
    if (few % 2 == 1)
      for_column_tiles<4>(columns, [&]<int kColumns>(int64_t column) {
        run.template operator()<1, kColumns>(rows.end - 1, column);
      });
  }
}

template <class V, class Cells>
struct Linear {
  using Cell = typename Cells::Cell;

  const LinearArgs& args;
  const int64_t steps = Cells::steps(args.w->k);

  /// Of rows x_RS that begin at `row` of the result.
  template <int kRows, int kColumns>
  [[gnu::noinline]] void tile(const Cell* x, int64_t row, int64_t column, int64_t part) const {
    const int64_t n = args.w->n;
    Tile<V, kRows, kColumns> tile{};
    const Cell* w = Cells::panels(*args.w) + column / kPanel * steps * kPanel + column % kPanel;
    tile.template accumulate<typename Cells::Vector>(x, steps, 1, w, steps, ahead(w, part));
    float* y = args.y + row * n + column;
    const float* bias = args.bias == nullptr ? nullptr : args.bias + column;
    tile.for_each(n - column, [&](V sum, int64_t r, int64_t c, auto io) {
      io.store(y + r * n + c, bias == nullptr ? sum : sum + io.load(bias + c));
    });
  }

  /// The first tile of a panel waits for memory, as no cache holds the panel yet. So those behind
  /// it ask for a quarter each of the next panel, which is the next matrix's behind the last.
  const Cell* ahead(const Cell* w, int64_t part) const {
    return part >= 1 && part <= 4 ? w + (3 + part) * steps * kLanes : w;
  }

  void panel(const Cell* x, Range rows, int64_t first) const {
    const int64_t left = args.w->n - first;
    constexpr int64_t kEnough = 12;  // rows: fewer take the time that memory takes, and only wait
    int64_t part = rows.end - rows.begin > kEnough ? 0 : -kTallest;
    for_tiles<V, kTallest>(rows, left < kPanel ? left : kPanel,
                           [&]<int kRows, int kColumns>(int64_t row, int64_t column) {
                             tile<kRows, kColumns>(x + (row - rows.begin) * steps, row,
                                                   first + column, part++);
                           });
  }

  void run(Range rows, Range panels) const {
    constexpr int64_t kBlock = 96;  // rows that stay in the second-level cache across panels
    for (int64_t i = rows.begin; i < rows.end; i += kBlock) {
      const Range block{i, i + kBlock < rows.end ? i + kBlock : rows.end};
      const Cell* x = Cells::rows(args.x + i * args.w->k, block.end - i, args.w->k);
      for (int64_t p = panels.begin; p < panels.end; ++p)
        panel(x, block, p * kPanel);
    }
  }
};

/// dw += dy^T x: rows of a tile are outputs, columns are inputs, steps are the rows of the batch.
template <class V, class Cells>
struct WeightGradient {
  using Cell = typename Cells::Cell;

  static constexpr int64_t kSteps = 96;  // a packed panel of x then fits the first-level cache
  static constexpr int64_t kRows = kSteps * Cells::kInputs;
  static constexpr int kTall = 6;

  const WeightGradientArgs& args;

  /// `dy` holds a cell of each output of the tile for each step, kTall apart.
  template <int kOutputs, int kColumns>
  [[gnu::noinline]] void tile(const Cell* dy, const Cell* x, int64_t steps, float* dw,
                              int64_t columns) const {
    Tile<V, kOutputs, kColumns> tile;
    const int64_t k = args.k;
#pragma GCC unroll 12
    for (int r = 0; r < kOutputs; ++r) {
#pragma GCC unroll 4
      for (int c = 0; c < kColumns; ++c) {
        const int64_t left = columns - c * kLanes;
        tile.sums[r][c] = left >= kLanes ? V::load(dw + r * k + c * kLanes)
                                         : V::load_n(dw + r * k + c * kLanes, left);
      }
    }
    tile.template accumulate<typename Cells::Vector>(dy, 1, kTall, x, steps, x);
    tile.for_each(columns,
                  [&](V sum, int64_t r, int64_t c, auto io) { io.store(dw + r * k + c, sum); });
  }

  /// Packed rows of dy, whose first column is output `first`, with a packed panel of x.
  void panel(const Cell* dy, const Cell* x, int64_t steps, Range outputs, int64_t f) const {
    const int64_t columns = args.k - f < kPanel ? args.k - f : kPanel;
    for_tiles<V, kTall>(
        outputs, columns, [&]<int kOutputs, int kColumns>(int64_t j, int64_t column) {
          const int64_t at = j - outputs.begin;
          tile<kOutputs, kColumns>(dy + at / kTall * kTall * steps + at % kTall, x + column, steps,
                                   args.dw + j * args.k + f + column, columns - column);
        });
  }

  /// Outputs of some rows of dy as groups [kTall outputs] for each step: a tile then reads them in
  /// the order of memory.
  const Cell* pack_outputs(const float* dy, int64_t rows, int64_t outputs) const {
    const int64_t steps = (rows + Cells::kInputs - 1) / Cells::kInputs;
    const int64_t groups = (outputs + kTall - 1) / kTall;
    Cell* cells = Cells::scratch(steps * kTall * groups + outputs);
    Cell* row = cells + steps * kTall * groups;
    for (int64_t s = 0; s < steps; ++s) {
      Cells::step(dy + s * Cells::kInputs * args.n, args.n, rows - s * Cells::kInputs, outputs,
                  row);
      Cell* to = cells + s * kTall;
      for (int64_t j = 0; j < outputs; j += kTall, to += steps * kTall)
        for (int64_t i = 0; i < kTall && j + i < outputs; ++i)
          to[i] = row[j + i];
    }
    return cells;
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
    alignas(64) Cell packed[kSteps * kPanel];
    for (int64_t row = 0; row < args.m; row += kRows) {
      const int64_t rows = args.m - row < kRows ? args.m - row : kRows;
      const int64_t steps = (rows + Cells::kInputs - 1) / Cells::kInputs;
      const Cell* dy =
          pack_outputs(args.dy + row * args.n + outputs.begin, rows, outputs.end - outputs.begin);
      for (int64_t f = 0; f < args.k; f += kPanel) {
        const int64_t columns = args.k - f < kPanel ? args.k - f : kPanel;
        for (int64_t s = 0; s < steps; ++s)
          Cells::step(args.x + (row + s * Cells::kInputs) * args.k + f, args.k,
                      rows - s * Cells::kInputs, columns, packed + s * kPanel);
        panel(dy, packed, steps, outputs, f);
      }
    }
    if (args.dbias != nullptr)
      bias(outputs);
  }
};

template <class V, class Cells>
void fast_linear(const LinearArgs& args, Range rows, Range panels) {
  Linear<V, Cells>{args}.run(rows, panels);
}

template <class V, class Cells>
void fast_weight_gradient(const WeightGradientArgs& args, Range outputs) {
  WeightGradient<V, Cells>{args}.run(outputs);
}

}  // namespace nelumbo
