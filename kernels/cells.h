// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/kernel_table.h"
#include "kernels/vector_math.h"

// What a matrix product sums over, one step at a time: single floats, pairs of bf16 whose first is
// the lower half of a cell, or quads of int8 (int8_impl.h) whose first is the lowest byte. Rows of
// pairs and quads are padded with zeros to whole tiles of 64 bytes.

namespace nelumbo {

/// The upper half of a float, rounded to nearest, ties to even; a NaN stays one. As to_bf16, but
/// compiled for one instruction set alone.
[[gnu::always_inline]] static inline uint32_t bf16_bits(float value) {
  const auto bits = __builtin_bit_cast(uint32_t, value);
  const uint32_t rounded = (bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16;
  return (bits & 0x7FFFFFFFU) > 0x7F800000U ? (bits >> 16 | 0x40U) : rounded;
}

/// Rounds a row of k floats to `pairs` cells.
[[gnu::always_inline]] static inline void round_row(const float* x, int64_t k, int64_t pairs,
                                                    uint32_t* to) {
  using Half [[gnu::may_alias]] = uint16_t;
  auto* halves = reinterpret_cast<Half*>(to);
  for (int64_t i = 0; i < k; ++i)
    halves[i] = static_cast<uint16_t>(bf16_bits(x[i]));
  for (int64_t i = k; i < 2 * pairs; ++i)
    halves[i] = 0;
}

/// One of the four whole numbers of a cell.
[[gnu::always_inline]] static inline int32_t int8_at(uint32_t cell, int at) {
  return static_cast<int8_t>(cell >> (8 * at));
}

/// The cell behind a group's quads: its scale, a bf16, above the sum of its whole numbers.
[[gnu::always_inline]] static inline uint32_t scale_cell(float scale, int32_t sum) {
  return __builtin_bit_cast(uint32_t, scale) | (static_cast<uint32_t>(sum) & 0xFFFFU);
}

[[gnu::always_inline]] static inline float scale_of(uint32_t scale_cell) {
  return __builtin_bit_cast(float, scale_cell & 0xFFFF0000U);
}

/// Rounds a group of floats to cells of whole numbers of -127 to 127, and returns what they are to
/// be multiplied by, a bf16: NaN, of zeros, for a group that holds what is not finite.
[[gnu::always_inline]] static inline float quantise_group(const float* x, uint32_t* to) {
  constexpr uint32_t kInfinity = 0x7F800000U;
  constexpr float kLeast = 1e-30F;          // below which all are 0
  constexpr float kRounding = 12582912.0F;  // 1.5 * 2^23: what is added to it is rounded to even
  using Byte [[gnu::may_alias]] = uint8_t;
  auto* bytes = reinterpret_cast<Byte*>(to);
  uint32_t largest = 0;
  for (int64_t i = 0; i < kGroup; ++i) {
    const uint32_t size = __builtin_bit_cast(uint32_t, x[i]) & 0x7FFFFFFFU;
    largest = size > largest ? size : largest;
  }
  const float most = __builtin_bit_cast(float, largest);
  if (largest >= kInfinity || most < kLeast) {
    __builtin_memset(bytes, 0, kGroup);
    return largest >= kInfinity ? __builtin_nanf("") : 0.0F;
  }
  const uint32_t above = __builtin_bit_cast(uint32_t, most / 127.0F) + 0xFFFFU;
  const float scale = __builtin_bit_cast(float, above & 0xFFFF0000U);
  const float inverse = 1.0F / scale;
  for (int64_t i = 0; i < kGroup; ++i)
    bytes[i] = static_cast<uint8_t>(__builtin_bit_cast(uint32_t, x[i] * inverse + kRounding));
  return scale;
}

/// Rounds a row of k floats, padded with zeros to whole groups, to their cells and scales, which
/// stand `stride` apart.
[[gnu::always_inline]] static inline void quantise_row(const float* x, int64_t k, uint32_t* to,
                                                       float* scales, int64_t stride = 1) {
  int64_t i = 0;
  for (; i + kGroup <= k; i += kGroup, scales += stride)
    *scales = quantise_group(x + i, to + i / 4);
  if (i == k)
    return;
  float rest[kGroup] = {};
  __builtin_memcpy(rest, x + i, static_cast<size_t>(k - i) * sizeof(float));
  *scales = quantise_group(rest, to + i / 4);
}

/// One cell for each column: the values of two rows, the second of which may be absent.
[[gnu::always_inline]] static inline void round_columns(const float* first, const float* second,
                                                        int64_t columns, uint32_t* to) {
  if (second == nullptr) {
    for (int64_t i = 0; i < columns; ++i)
      to[i] = bf16_bits(first[i]);
    return;
  }
  for (int64_t i = 0; i < columns; ++i)
    to[i] = bf16_bits(first[i]) | bf16_bits(second[i]) << 16;
}

/// A matrix of cells, one row for each step.
template <class Cell>
struct CellRows {
  const Cell* at;
  int64_t stride;
};

/// Sums over single floats.
template <class V>
struct Singles {
  using Cell = float;
  using Vector = V;
  static constexpr int64_t kInputs = 1;  // of a cell

  static int64_t steps(int64_t k) { return k; }
  static const float* panels(const PackedMatrix& w) { return w.panels.data(); }
  /// Rows [m, steps(k)] of x.
  static const float* rows(const float* x, int64_t /*m*/, int64_t /*k*/) { return x; }
  /// The first columns of m rows, as steps.
  static CellRows<float> columns(const float* x, int64_t stride, int64_t /*m*/,
                                 int64_t /*columns*/) {
    return {x, stride};
  }
  static void panel(const float* x, int64_t stride, int64_t m, int64_t columns, float* to) {
    for (int64_t s = 0; s < m; ++s)
      for_vectors<V>(columns, [&](int64_t i, auto io) {
        io.load(x + s * stride + i).store(to + s * kPanel + i);
      });
  }
};

/// Sums over pairs of bf16 with V's Pairs: `fma(Pairs, Pairs, V)` adds both products of each lane.
template <class V, class P>
struct PairsOf {
  using Cell = uint32_t;
  using Vector = P;
  static constexpr int64_t kInputs = 2;

  static int64_t steps(int64_t k) { return pairs_of(k); }
  static const uint32_t* panels(const PackedMatrix& w) { return w.cells(); }

  static const uint32_t* rows(const float* x, int64_t m, int64_t k) {
    const int64_t pairs = pairs_of(k);
    uint32_t* to = kernel_cells(m * pairs);
    for (int64_t i = 0; i < m; ++i)
      round_row(x + i * k, k, pairs, to + i * pairs);
    return to;
  }

  static CellRows<uint32_t> columns(const float* x, int64_t stride, int64_t m, int64_t columns) {
    uint32_t* to = kernel_cells((m + 1) / 2 * columns);
    pair_rows(x, stride, m, columns, to, columns);
    return {to, columns};
  }

  static void panel(const float* x, int64_t stride, int64_t m, int64_t columns, uint32_t* to) {
    pair_rows(x, stride, m, columns, to, kPanel);
  }

 private:
  static void pair_rows(const float* x, int64_t stride, int64_t m, int64_t columns, uint32_t* to,
                        int64_t to_stride) {
    for (int64_t s = 0; s < m; s += 2)
      round_columns(x + s * stride, s + 1 < m ? x + (s + 1) * stride : nullptr, columns,
                    to + s / 2 * to_stride);
  }
};

}  // namespace nelumbo
