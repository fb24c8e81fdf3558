// SPDX-License-Identifier: Apache-2.0
//
// Products by the tile unit, see tiles_amx.h: rows and outputs that do not exist are zeros in the
// operands and are not stored.
#include <cstdint>

#include "kernels/cells.h"
#include "kernels/grouped_amx.h"
#include "kernels/kernel_table.h"
#include "kernels/lanes_avx512.h"
#include "kernels/tiles_amx.h"

namespace nelumbo {

namespace {

/// Products of pairs of bf16.
struct Linear {
  static constexpr int64_t kRows = 128;  // that stay in the second-level cache across panels

  const LinearArgs& args;
  const int64_t cells = pairs_of(args.w->k);

  /// Rounded rows, and where they begin.
  struct Rows {
    const uint32_t* x;
    int64_t begin, count;
  };

  struct Place {
    int64_t row, rows, column, columns;
  };

  /// multiply(sums) computes `columns` sums of rows [row, row + rows) for the outputs from `column`
  /// on; those that exist are stored.
  template <class Multiply>
  void store(const Place& at, const Multiply& multiply) const {
    const int64_t n = args.w->n;
    const int64_t columns = n - at.column < at.columns ? n - at.column : at.columns;
    float* y = args.y + at.row * n + at.column;
    if (args.bias == nullptr && columns == at.columns && at.rows % kSide == 0) {
      multiply(Sums{y, n});
      return;
    }
    alignas(64) float sums[kBlock * kBlock];
    multiply(Sums{sums, at.columns});
    const float* bias = args.bias == nullptr ? nullptr : args.bias + at.column;
    for (int64_t r = 0; r < at.rows; ++r)
      for_vectors<F16>(columns, [&](int64_t c, auto io) {
        const F16 value = F16::load(sums + r * at.columns + c);
        io.store(y + r * n + c, bias == nullptr ? value : value + io.load(bias + c));
      });
  }

  void panel(const Rows& rows, int64_t first) const {
    const uint32_t* w = args.w->cells() + first * cells;
    if (rows.count <= kSide) {
      store({rows.begin, rows.count, first, kPanel},
            [&](Sums sums) { multiply_panel(rows.x, w, cells, sums); });
      return;
    }
    for (int64_t c = 0; c < kPanel && first + c < args.w->n; c += kBlock)
      for (int64_t i = 0; i < rows.count; i += kBlock) {
        const int64_t some = rows.count - i < kBlock ? rows.count - i : kBlock;
        store({rows.begin + i, some, first + c, kBlock}, [&](Sums sums) {
          multiply<true>(some, rows.x + i * cells, cells, w + c, cells, sums, i + c == 0);
        });
      }
  }

  /// Rounds rows, and adds zeros up to whole tiles.
  Rows rounded(Range rows) const {
    const int64_t m = rows.end - rows.begin, k = args.w->k;
    uint32_t* to = kernel_cells(rounded_up(m, kSide) * cells);
    for (int64_t i = 0; i < m; ++i)
      round_row<F16>(args.x + (rows.begin + i) * k, k, cells, to + i * cells);
    const int64_t left = rounded_up(m, kSide) - m;
    __builtin_memset(to + m * cells, 0, static_cast<size_t>(left * cells) * sizeof(uint32_t));
    return {to, rows.begin, m};
  }

  void run(Range rows, Range panels) const {
    const TileUnit unit;
    for (int64_t i = rows.begin; i < rows.end; i += kRows) {
      const Rows some = rounded({i, i + kRows < rows.end ? i + kRows : rows.end});
      for (int64_t p = panels.begin; p < panels.end; ++p)
        panel(some, p * kPanel);
    }
  }
};

/// dw += dy^T x, where the rows of the batch are what is summed over.
struct WeightGradient {
  static constexpr int64_t kRows = 512;  // of the batch: dy^T then stays in the second-level cache
  static constexpr int64_t kPairs = kRows / 2;

  const WeightGradientArgs& args;

  /// Outputs [rounded up to a tile, pairs] of `rows` rows of the batch.
  void pack_outputs(int64_t row, int64_t rows, int64_t pairs, Range outputs, uint32_t* to) const {
    alignas(64) uint32_t some[kSide * kSide];
    for (int64_t p = 0; p < pairs; p += kSide)
      for (int64_t j = outputs.begin; j < outputs.end; j += kSide) {
        const int64_t columns = outputs.end - j < kSide ? outputs.end - j : kSide;
        pack({args.dy + j, args.n, row + 2 * p, row + rows}, columns, kSide, some);
        F16::transpose(some, kSide, to + (j - outputs.begin) * pairs + p, pairs, kSide);
      }
  }

  /// Rows [row, end) of x.
  struct Rows {
    const float* x;
    int64_t stride, row, end;

    const float* at(int64_t i) const { return row + i < end ? x + (row + i) * stride : nullptr; }
  };

  /// The first 16 pairs of rows, as cells [16, columns]; zeros where there is no row.
  static void pack(const Rows& rows, int64_t columns, int64_t to_stride, uint32_t* to) {
    for (int64_t p = 0; p < kSide; ++p, to += to_stride) {
      const float* first = rows.at(2 * p);
      if (first != nullptr)
        round_columns<F16>(first, rows.at(2 * p + 1), columns, to);
      const int64_t from = first != nullptr ? columns : 0;
      __builtin_memset(to + from, 0, static_cast<size_t>(to_stride - from) * sizeof(uint32_t));
    }
  }

  void block(const uint32_t* dy, const uint32_t* x, int64_t pairs, int64_t outputs, float* dw,
             int64_t columns) const {
    const int64_t k = args.k;
    if ((outputs == kBlock || outputs == kSide) && columns >= kBlock) {
      multiply<false>(outputs, dy, pairs, x, pairs, {dw, k}, false);
      return;
    }
    alignas(64) float sums[kBlock * kBlock] = {};
    const int64_t width = columns < kBlock ? columns : kBlock;
    for (int64_t r = 0; r < outputs; ++r)
      for_vectors<F16>(
          width, [&](int64_t c, auto io) { io.load(dw + r * k + c).store(sums + r * kBlock + c); });
    multiply<false>(outputs, dy, pairs, x, pairs, {sums, kBlock}, false);
    for (int64_t r = 0; r < outputs; ++r)
      for_vectors<F16>(width, [&](int64_t c, auto io) {
        io.store(dw + r * k + c, F16::load(sums + r * kBlock + c));
      });
  }

  void panel(const uint32_t* dy, const uint32_t* x, int64_t pairs, Range outputs, int64_t f) const {
    for (int64_t c = 0; c < kPanel && f + c < args.k; c += kBlock)
      for (int64_t j = outputs.begin; j < outputs.end; j += kBlock)
        block(dy + (j - outputs.begin) * pairs, x + c, pairs,
              outputs.end - j < kBlock ? outputs.end - j : kBlock, args.dw + j * args.k + f + c,
              args.k - f - c);
  }

  void bias(Range outputs) const {
    for (int64_t i = 0; i < args.m; ++i)
      for_vectors<F16>(outputs.end - outputs.begin, [&](int64_t j, auto io) {
        float* to = args.dbias + outputs.begin + j;
        io.store(to, io.load(to) + io.load(args.dy + i * args.n + outputs.begin + j));
      });
  }

  void run(Range outputs) const {
    const TileUnit unit;
    const int64_t tall = rounded_up(outputs.end - outputs.begin, kSide);
    uint32_t* dy = kernel_cells(tall * kPairs + kPairs * kPanel);
    uint32_t* x = dy + tall * kPairs;
    for (int64_t row = 0; row < args.m; row += kRows) {
      const int64_t rows = args.m - row < kRows ? args.m - row : kRows;
      const int64_t pairs = pairs_of(rows);
      pack_outputs(row, rows, pairs, outputs, dy);
      for (int64_t f = 0; f < args.k; f += kPanel) {
        const int64_t columns = args.k - f < kPanel ? args.k - f : kPanel;
        for (int64_t p = 0; p < pairs; p += kSide)
          pack({args.x + f, args.k, row + 2 * p, row + rows}, columns, kPanel, x + p * kPanel);
        panel(dy, x, pairs, outputs, f);
      }
    }
    if (args.dbias != nullptr)
      bias(outputs);
  }
};

void linear(const LinearArgs& args, Range rows, Range panels) {
  Linear{args}.run(rows, panels);
}

void linear_int8(const LinearArgs& args, Range rows, Range panels) {
  GroupedLinear{args}.run(rows, panels);
}

void weight_gradient(const WeightGradientArgs& args, Range outputs) {
  WeightGradient{args}.run(outputs);
}

KernelTable table() {
  constexpr auto kBf16 = static_cast<size_t>(Precision::kBfloat16);
  constexpr auto kInt8 = static_cast<size_t>(Precision::kInt8);
  KernelTable table = avx512_bf16_table();
  table.linear[kBf16] = linear;
  table.linear[kInt8] = linear_int8;
  table.weight_gradient[kBf16] = weight_gradient;
  return table;
}

}  // namespace

const KernelTable& amx_table() {
  static const KernelTable kTable = table();
  return kTable;
}

}  // namespace nelumbo
