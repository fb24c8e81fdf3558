// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/kernel_table.h"
#include "kernels/vector_math.h"

// What a matrix product sums over, one step at a time: single floats, pairs of bf16 whose first is
// the lower half of a cell, or quads of int8 (int8_impl.h) whose first is the lowest byte. Rows of
// pairs and quads are padded with zeros to whole tiles of 64 bytes.

namespace nelumbo {

/// Rounds a row of k floats to `pairs` cells.
template <class V>
[[gnu::always_inline]] inline void round_row(const float* x, int64_t k, int64_t pairs,
                                             uint32_t* to) {
  for_vectors<V>(k, [&](int64_t i, auto io) { bf16_of(io.load(x + i)).store_halves(to + i / 2); });
  for (int64_t i = (k + kLanes - 1) / kLanes * kLanes / 2; i < pairs; ++i)
    to[i] = 0;
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
template <class V>
[[gnu::always_inline]] inline void round_columns(const float* first, const float* second,
                                                 int64_t columns, uint32_t* to) {
  for_vectors<V>(columns, [&](int64_t i, auto io) {
    const V other = second == nullptr ? V::zero() : io.load(second + i);
    io.store(to + i, cells_of(bf16_of(io.load(first + i)), bf16_of(other)));
  });
}

/// Sums over single floats.
template <class V>
struct Singles {
  using Cell = float;
  using Vector = V;
  static constexpr int64_t kInputs = 1;  // of a cell

  static int64_t steps(int64_t k) { return k; }
  static const float* panels(const PackedMatrix& w) { return w.panels.data(); }
  static float* scratch(int64_t size) { return kernel_scratch(size); }
  /// n inputs of a row as 16 cells, zeros behind them.
  static void row(const float* x, int64_t n, float* to) { V::load_n(x, n).store(to); }
  /// Rows [m, steps(k)] of x.
  static const float* rows(const float* x, int64_t /*m*/, int64_t /*k*/) { return x; }
  /// The first columns of the rows of one step.
  static void step(const float* x, int64_t /*stride*/, int64_t /*rows*/, int64_t columns,
                   float* to) {
    for_vectors<V>(columns, [&](int64_t i, auto io) { io.store(to + i, io.load(x + i)); });
  }

  /// Queries [count, d] of attention as [count, steps].
  static const float* queries(const float* q, int64_t /*count*/, int64_t /*d*/, int64_t /*steps*/) {
    return q;
  }
  /// 16 values as cells.
  static void put(V v, float* to) { v.store(to); }
  static V first_inputs(V v, int64_t /*n*/) { return v; }
};

/// Sums over pairs of bf16 with V's Pairs: `fma(Pairs, Pairs, V)` adds both products of each lane.
template <class V, class P>
struct PairsOf {
  using Cell = uint32_t;
  using Vector = P;
  static constexpr int64_t kInputs = 2;

  static int64_t steps(int64_t k) { return pairs_of(k); }
  static const uint32_t* panels(const PackedMatrix& w) { return w.cells(); }
  static uint32_t* scratch(int64_t size) { return kernel_cells(size); }

  static void row(const float* x, int64_t n, uint32_t* to) { round_row<V>(x, n, kLanes, to); }

  static const uint32_t* rows(const float* x, int64_t m, int64_t k) {
    const int64_t pairs = pairs_of(k);
    uint32_t* to = scratch(m * pairs);
    for (int64_t i = 0; i < m; ++i)
      round_row<V>(x + i * k, k, pairs, to + i * pairs);
    return to;
  }

  static void step(const float* x, int64_t stride, int64_t rows, int64_t columns, uint32_t* to) {
    round_columns<V>(x, rows > 1 ? x + stride : nullptr, columns, to);
  }

  static const uint32_t* queries(const float* q, int64_t count, int64_t d, int64_t steps) {
    uint32_t* to = scratch(count * steps + kLanes);
    for (int64_t i = 0; i < count; ++i)
      round_row<V>(q + i * d, d, steps, to + i * steps);
    return to;
  }
  static void put(V v, uint32_t* to) { bf16_of(v).store_halves(to); }
  /// With zeros in place of what lies behind the first n inputs of each cell.
  static P first_inputs(P v, int64_t n) { return n == 1 ? v.lower() : v; }
};

}  // namespace nelumbo
