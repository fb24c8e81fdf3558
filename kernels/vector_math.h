// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// The fast kernels are written once, as templates over V: 16 floats, one AVX-512 register or two
// AVX2 ones. V is local to the file that instantiates them (fast_avx2.cc, fast_avx512.cc), so that
// no function compiled for one instruction set can be linked into another. For the same reason
// these headers use no functions of the standard library.
//
// Every operation of V is elementwise and rounds once, and `reduce_add` has a fixed order, so both
// instruction sets give the same bits.

namespace nelumbo {

constexpr int64_t kLanes = 16;

/// Reads and writes whole vectors, of floats and of cells. `keep` puts `fill` into lanes that are
/// past the end: none.
template <class V>
struct Whole {
  V load(const float* p) const { return V::load(p); }
  template <class In, class Cell>
  In load_as(const Cell* p) const {
    return In::load(p);
  }
  void store(float* p, V v) const { v.store(p); }
  template <class I>
  void store(uint32_t* p, I cells) const {
    cells.store(p);
  }
  V keep(V v, V /*fill*/) const { return v; }
};

/// Reads and writes the first n of 16 floats or cells; the rest of what is read is 0.
template <class V>
struct Part {
  int64_t n;
  V load(const float* p) const { return V::load_n(p, n); }
  template <class In, class Cell>
  In load_as(const Cell* p) const {
    return In::load_n(p, n);
  }
  void store(float* p, V v) const { v.store_n(p, n); }
  template <class I>
  void store(uint32_t* p, I cells) const {
    cells.store_n(p, n);
  }
  V keep(V v, V fill) const { return V::select_first(n, v, fill); }
};

/// Calls f(offset, io) for each 16 floats of `size`, in order.
template <class V, class F>
[[gnu::always_inline]] inline void for_vectors(int64_t size, const F& f) {
  int64_t i = 0;
  for (; i + kLanes <= size; i += kLanes)
    f(i, Whole<V>{});
  if (i < size)
    f(i, Part<V>{size - i});
}

/// exp(x) to about 1 ulp: x = n ln 2 + r, exp(r) by a polynomial whose error is below 0.06 ulp
/// (weighted least squares on |r| <= ln(2)/2), times 2^n. Exactly 1 at 0, 0 below -87.33 (no
/// denormals), constant above 88.37, NaN for NaN.
template <class V>
[[gnu::always_inline]] inline V exponential(V x) {
  const V low = V::set1(-87.33F);
  // max and min return their second argument when one is NaN.
  const V y = min(V::set1(88.37F), max(low, x));
  const V n = round(y * V::set1(1.44269504F));
  const V r = fma(n, V::set1(1.90465421e-9F), fma(n, V::set1(-0.693147182F), y));
  V p = V::set1(0.0013814467238262296F);
  p = fma(p, r, V::set1(0.008368780836462975F));
  p = fma(p, r, V::set1(0.04166839271783829F));
  p = fma(p, r, V::set1(0.1666651964187622F));
  p = fma(p, r, V::set1(0.4999999403953552F));
  p = fma(p, r * r, r) + V::set1(1.0F);
  return select_less(x, low, V::zero(), scaled(p, n));
}

/// 1 / (1 + exp(-x))
template <class V>
[[gnu::always_inline]] inline V sigmoid(V x) {
  return V::set1(1.0F) / (V::set1(1.0F) + exponential(V::zero() - x));
}

}  // namespace nelumbo
