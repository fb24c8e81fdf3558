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
  static Pairs set1(uint32_t x) { return {_mm512_set1_epi32(static_cast<int32_t>(x))}; }
  F16 first() const { return {_mm512_castsi512_ps(_mm512_slli_epi32(v, 16))}; }
  F16 second() const {
    return {_mm512_castsi512_ps(_mm512_and_si512(v, _mm512_set1_epi32(-65536)))};
  }
};

inline F16 fma(Pairs a, Pairs b, F16 c) {
  return fma(a.second(), b.second(), fma(a.first(), b.first(), c));
}

}  // namespace

const KernelTable& avx512_table() {
  return kFastTable<F16, Pairs>;
}

}  // namespace nelumbo
