// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "kernels/fast_table.h"
#include "kernels/kernel_table.h"
#include "kernels/lanes_avx512.h"

namespace nelumbo {

namespace {

/// 16 pairs of bf16, widened to multiply.
struct Pairs {
  __m512i v;

  static Pairs load(const uint32_t* p) { return {_mm512_loadu_si512(p)}; }
  static Pairs load_n(const uint32_t* p, int64_t n) {
    return {_mm512_maskz_loadu_epi32(F16::first(n), p)};
  }
  static Pairs set1(uint32_t x) { return {_mm512_set1_epi32(static_cast<int32_t>(x))}; }
  /// Each pair with zero in place of its second.
  Pairs lower() const { return {_mm512_and_si512(v, _mm512_set1_epi32(0xFFFF))}; }
  F16 first() const { return {_mm512_castsi512_ps(_mm512_slli_epi32(v, 16))}; }
  F16 second() const {
    return {_mm512_castsi512_ps(_mm512_and_si512(v, _mm512_set1_epi32(-65536)))};
  }
};

inline F16 fma(Pairs a, Pairs b, F16 c) {
  return fma(a.second(), b.second(), fma(a.first(), b.first(), c));
}

/// 16 quads of int8, the even and the odd ones widened to multiply.
struct Quads {
  using Sums = I16;

  __m512i even, odd;

  static I16 start(I16 /*cells*/) { return {_mm512_setzero_si512()}; }

  static Quads of(__m512i cells) {
    return {_mm512_srai_epi16(_mm512_slli_epi16(cells, 8), 8), _mm512_srai_epi16(cells, 8)};
  }
  static Quads load(const uint32_t* p) { return of(_mm512_loadu_si512(p)); }
  static Quads set1(uint32_t x) { return of(_mm512_set1_epi32(static_cast<int32_t>(x))); }
};

inline I16 fma(Quads a, Quads b, I16 c) {
  const __m512i sums =
      _mm512_add_epi32(_mm512_madd_epi16(a.even, b.even), _mm512_madd_epi16(a.odd, b.odd));
  return {_mm512_add_epi32(c.v, sums)};
}

}  // namespace

const KernelTable& avx512_table() {
  return kFastTable<F16, Pairs, Quads>;
}

}  // namespace nelumbo
