// SPDX-License-Identifier: Apache-2.0
//
// Products of bf16 by the tile unit (Intel Architecture Instruction Set Extensions, chapter AMX):
// TDPBF16PS adds to a tile of 16 x 16 floats the product of 16 rows of 16 pairs by 16 rows of 16
// pairs. An element's sum is a chain of those products along the inputs, whatever tile it stands
// in, so the number of rows never shows in the bits. Four tiles of sums are computed at once, two
// by two or, for few rows, one by four; rows and outputs that do not exist are zeros in the
// operands and are not stored. Loads of tiles wait for memory one after the other, so weights are
// asked for ahead.
#include <cstdint>

#include "kernels/cells.h"
#include "kernels/kernel_table.h"
#include "kernels/lanes_avx512.h"

namespace nelumbo {

namespace {

constexpr int64_t kSide = 16;  // rows of a tile, and cells or floats in one
constexpr int64_t kBlock = 2 * kSide;

constexpr int64_t rounded_up(int64_t n, int64_t unit) {
  return (n + unit - 1) / unit * unit;
}

/// All eight tile registers as 16 rows of 64 bytes, for the length of one kernel call.
class TileUnit {
 public:
  TileUnit() {
    alignas(64) static constexpr Layout kLayout{};
    _tile_loadconfig(&kLayout);
  }
  TileUnit(const TileUnit&) = delete;
  TileUnit& operator=(const TileUnit&) = delete;
  ~TileUnit() { _tile_release(); }

 private:
  struct Layout {
    uint8_t palette = 1, start_row = 0;
    uint8_t reserved[14] = {};
    uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
    uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
  };
  static_assert(sizeof(Layout) == 64);
};

constexpr int64_t kBytes = 4;  // of a cell and of a float

/// Where a block of sums lies.
struct Sums {
  float* at;
  int64_t stride;
};

/// Asks for the lines behind 16 pairs of a panel that are read four such steps later. What lies
/// behind the end of a matrix is asked for in vain, which is no fault.
inline void ask_ahead(const uint32_t* panel) {
  constexpr int64_t kAhead = 4 * kSide * kPanel;
#pragma GCC unroll 8
  for (int64_t line = 0; line < kPanel; ++line)
    __builtin_prefetch(panel + kAhead + line * kSide, 0, 2);
}

/// 32 x 32 sums, 16 x 32 where kTall is 1: sums (+)= a b over `pairs` cells. Rows of a are
/// `a_stride` cells long, those of b a panel. Fresh sums begin at zero, the others at what `sums`
/// holds. `streams`: b comes from memory.
template <int kTall, bool kFresh>
void multiply(const uint32_t* a, int64_t a_stride, const uint32_t* b, int64_t pairs, Sums sums,
              bool streams) {
  const int64_t stride = sums.stride * kBytes;
  float* low = sums.at + kSide * sums.stride;
  if constexpr (kFresh) {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
  } else {
    _tile_loadd(0, sums.at, stride);
    _tile_loadd(1, sums.at + kSide, stride);
    if constexpr (kTall == 2) {
      _tile_loadd(2, low, stride);
      _tile_loadd(3, low + kSide, stride);
    }
  }
  for (int64_t p = 0; p < pairs; p += kSide) {
    if (streams)
      ask_ahead(b + p * kPanel);
    _tile_loadd(6, b + p * kPanel, kPanel * kBytes);
    _tile_loadd(4, a + p, a_stride * kBytes);
    _tile_dpbf16ps(0, 4, 6);
    _tile_loadd(7, b + p * kPanel + kSide, kPanel * kBytes);
    _tile_dpbf16ps(1, 4, 7);
    if constexpr (kTall == 2) {
      _tile_loadd(5, a + kSide * a_stride + p, a_stride * kBytes);
      _tile_dpbf16ps(2, 5, 6);
      _tile_dpbf16ps(3, 5, 7);
    }
  }
  _tile_stored(0, sums.at, stride);
  _tile_stored(1, sums.at + kSide, stride);
  if constexpr (kTall == 2) {
    _tile_stored(2, low, stride);
    _tile_stored(3, low + kSide, stride);
  }
}

template <bool kFresh>
// NOLINTNEXTLINE(readability-function-size): two operands, their shape, and the sums
void multiply(int64_t rows, const uint32_t* a, int64_t a_stride, const uint32_t* b, int64_t pairs,
              Sums sums, bool streams) {
  if (rows > kSide)
    multiply<2, kFresh>(a, a_stride, b, pairs, sums, streams);
  else
    multiply<1, kFresh>(a, a_stride, b, pairs, sums, streams);
}

/// 16 rows of a whole panel of sums: sums = a b over `pairs` cells, read in the order of memory.
inline void multiply_panel(const uint32_t* a, const uint32_t* b, int64_t pairs, Sums sums) {
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (int64_t p = 0; p < pairs; p += kSide) {
    const uint32_t* panel = b + p * kPanel;
    ask_ahead(panel);
    _tile_loadd(4, a + p, pairs * kBytes);
    _tile_loadd(5, panel, kPanel * kBytes);
    _tile_dpbf16ps(0, 4, 5);
    _tile_loadd(6, panel + kSide, kPanel * kBytes);
    _tile_dpbf16ps(1, 4, 6);
    _tile_loadd(7, panel + 2 * kSide, kPanel * kBytes);
    _tile_dpbf16ps(2, 4, 7);
    _tile_loadd(5, panel + 3 * kSide, kPanel * kBytes);
    _tile_dpbf16ps(3, 4, 5);
  }
  const int64_t stride = sums.stride * kBytes;
  _tile_stored(0, sums.at, stride);
  _tile_stored(1, sums.at + kSide, stride);
  _tile_stored(2, sums.at + 2 * kSide, stride);
  _tile_stored(3, sums.at + 3 * kSide, stride);
}

struct Linear {
  const LinearArgs& args;
  const int64_t pairs = pairs_of(args.w->k);

  /// Where rows and columns of the result lie.
  struct Place {
    int64_t row, rows, column, columns;
  };

  /// multiply(sums) computes `columns` sums for each row; those that exist are stored.
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
        const F16 sum = F16::load(sums + r * at.columns + c);
        io.store(y + r * n + c, bias == nullptr ? sum : sum + io.load(bias + c));
      });
  }

  void panel(const uint32_t* x, Range rows, int64_t first) const {
    const uint32_t* w = args.w->pairs() + first * pairs;
    const int64_t m = rows.end - rows.begin;
    if (m <= kSide) {
      store({rows.begin, m, first, kPanel}, [&](Sums sums) { multiply_panel(x, w, pairs, sums); });
      return;
    }
    for (int64_t c = 0; c < kPanel && first + c < args.w->n; c += kBlock)
      for (int64_t i = 0; i < m; i += kBlock) {
        const int64_t some = m - i < kBlock ? m - i : kBlock;
        store({rows.begin + i, some, first + c, kBlock}, [&](Sums sums) {
          multiply<true>(some, x + i * pairs, pairs, w + c, pairs, sums, i + c == 0);
        });
      }
  }

  /// Rounded rows, and zeros up to whole tiles.
  const uint32_t* rounded(Range rows) const {
    const int64_t m = rows.end - rows.begin;
    uint32_t* to = kernel_cells(rounded_up(m, kSide) * pairs);
    for (int64_t i = 0; i < m; ++i)
      round_row(args.x + (rows.begin + i) * args.w->k, args.w->k, pairs, to + i * pairs);
    const int64_t left = rounded_up(m, kSide) - m;
    __builtin_memset(to + m * pairs, 0, static_cast<size_t>(left * pairs) * sizeof(uint32_t));
    return to;
  }

  void run(Range rows, Range panels) const {
    constexpr int64_t kRows = 128;  // that stay in the second-level cache across panels
    const TileUnit unit;
    for (int64_t i = rows.begin; i < rows.end; i += kRows) {
      const Range some{i, i + kRows < rows.end ? i + kRows : rows.end};
      const uint32_t* x = rounded(some);
      for (int64_t p = panels.begin; p < panels.end; ++p)
        panel(x, some, p * kPanel);
    }
  }
};

/// Turns 16 rows of 16 cells into columns, in four rounds that each swap blocks half as large.
void transpose(const uint32_t* from, int64_t from_stride, uint32_t* to, int64_t to_stride) {
  __m512i r[16], s[16];
  for (int i = 0; i < 16; ++i)
    r[i] = _mm512_loadu_si512(from + i * from_stride);
  for (int i = 0; i < 16; i += 2) {
    s[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
    s[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
  }
  for (int i = 0; i < 16; i += 4)
    for (int j = 0; j < 2; ++j) {
      r[i + 2 * j] = _mm512_unpacklo_epi64(s[i + j], s[i + j + 2]);
      r[i + 2 * j + 1] = _mm512_unpackhi_epi64(s[i + j], s[i + j + 2]);
    }
  // r[4 g + c] holds, in each quarter q, column 4 q + c of rows 4 g .. 4 g + 3.
  for (int c = 0; c < 4; ++c) {
    const __m512i even01 = _mm512_shuffle_i32x4(r[c], r[4 + c], 0x88);
    const __m512i odd01 = _mm512_shuffle_i32x4(r[c], r[4 + c], 0xDD);
    const __m512i even23 = _mm512_shuffle_i32x4(r[8 + c], r[12 + c], 0x88);
    const __m512i odd23 = _mm512_shuffle_i32x4(r[8 + c], r[12 + c], 0xDD);
    s[c] = _mm512_shuffle_i32x4(even01, even23, 0x88);
    s[8 + c] = _mm512_shuffle_i32x4(even01, even23, 0xDD);
    s[4 + c] = _mm512_shuffle_i32x4(odd01, odd23, 0x88);
    s[12 + c] = _mm512_shuffle_i32x4(odd01, odd23, 0xDD);
  }
  for (int i = 0; i < 16; ++i)
    _mm512_storeu_si512(to + i * to_stride, s[i]);
}

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
        transpose(some, kSide, to + (j - outputs.begin) * pairs + p, pairs);
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
        round_columns(first, rows.at(2 * p + 1), columns, to);
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

void weight_gradient(const WeightGradientArgs& args, Range outputs) {
  WeightGradient{args}.run(outputs);
}

KernelTable table() {
  constexpr auto kBf16 = static_cast<size_t>(Precision::kBfloat16);
  KernelTable table = avx512_bf16_table();
  table.linear[kBf16] = linear;
  table.weight_gradient[kBf16] = weight_gradient;
  return table;
}

}  // namespace

const KernelTable& amx_table() {
  static const KernelTable kTable = table();
  return kTable;
}

}  // namespace nelumbo
