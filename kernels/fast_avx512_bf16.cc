// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "kernels/attention_impl.h"
#include "kernels/gemm_impl.h"
#include "kernels/int8_impl.h"
#include "kernels/kernel_table.h"
#include "kernels/lanes_avx512.h"

namespace nelumbo {

namespace {

/// 16 pairs of bf16, as VDPBF16PS multiplies them.
struct Pairs {
  __m512bh v;

  static Pairs load(const uint32_t* p) { return {(__m512bh)_mm512_loadu_si512(p)}; }
  static Pairs load_n(const uint32_t* p, int64_t n) {
    return {(__m512bh)_mm512_maskz_loadu_epi32(F16::first(n), p)};
  }
  static Pairs set1(uint32_t x) { return {(__m512bh)_mm512_set1_epi32(static_cast<int32_t>(x))}; }
  /// Each pair with zero in place of its second.
  Pairs lower() const {
    return {(__m512bh)_mm512_and_si512((__m512i)v, _mm512_set1_epi32(0xFFFF))};
  }
};

inline F16 fma(Pairs a, Pairs b, F16 c) {
  return {_mm512_dpbf16_ps(c.v, a.v, b.v)};
}

/// 16 quads of int8, as VPDPBUSD multiplies them: an unsigned by a signed number.
struct Quads {
  using Sums = I16;

  __m512i v;

  static I16 start(I16 cells) {
    const __m512i raised = _mm512_srai_epi32(_mm512_slli_epi32(cells.v, 16), 9);
    return {_mm512_sub_epi32(_mm512_setzero_si512(), raised)};
  }

  static Quads load(const uint32_t* p) { return {_mm512_loadu_si512(p)}; }
  /// Of inputs: raised.
  static Quads set1(uint32_t x) {
    return {_mm512_set1_epi32(static_cast<int32_t>(x ^ 0x80808080U))};
  }
};

inline I16 fma(Quads inputs, Quads weights, I16 c) {
  return {_mm512_dpbusd_epi32(c.v, inputs.v, weights.v)};
}

KernelTable table() {
  constexpr auto kBf16 = static_cast<size_t>(Precision::kBfloat16);
  constexpr auto kInt8 = static_cast<size_t>(Precision::kInt8);
  KernelTable table = avx512_table();
  table.linear[kBf16] = fast_linear<F16, PairsOf<F16, Pairs>>;
  table.linear[kInt8] = fast_linear_int8<F16, Quads>;
  table.attend[kBf16] = fast_attend<F16, PairsOf<F16, Pairs>>;
  table.weight_gradient[kBf16] = fast_weight_gradient<F16, PairsOf<F16, Pairs>>;
  return table;
}

}  // namespace

const KernelTable& avx512_bf16_table() {
  static const KernelTable kTable = table();
  return kTable;
}

}  // namespace nelumbo
