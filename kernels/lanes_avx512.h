// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <immintrin.h>

// The vector type of every file that is compiled for AVX-512. Each gets a copy of its own: no
// function compiled for one instruction set can be linked into another.

namespace nelumbo {

namespace {

/// 16 floats in one register.
struct F16 {
  // 32 registers hold 24 sums, 4 columns and a broadcast value.
  static constexpr int kTileColumns = 4;
  static constexpr int tile_rows(int columns) { return columns == 4 ? 6 : columns == 3 ? 8 : 12; }
  static constexpr int kQueries = 8;  // that attention takes together

  __m512 v;

  static F16 zero() { return {_mm512_setzero_ps()}; }
  static F16 set1(float x) { return {_mm512_set1_ps(x)}; }
  static F16 load(const float* p) { return {_mm512_loadu_ps(p)}; }
  static F16 load_n(const float* p, int64_t n) { return {_mm512_maskz_loadu_ps(first(n), p)}; }
  void store(float* p) const { _mm512_storeu_ps(p, v); }
  void store_n(float* p, int64_t n) const { _mm512_mask_storeu_ps(p, first(n), v); }
  /// The first n lanes of a, the others of b.
  static F16 select_first(int64_t n, F16 a, F16 b) {
    return {_mm512_mask_blend_ps(first(n), b.v, a.v)};
  }

  /// Turns 16 rows of 16 cells into columns, in four rounds that each swap blocks half as large,
  /// and writes the first `count` of them as rows.
  template <class Cell>
  static void transpose(const Cell* from, int64_t from_stride, Cell* to, int64_t to_stride,
                        int64_t count) {
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
    for (int64_t i = 0; i < count; ++i)
      _mm512_storeu_si512(to + i * to_stride, s[i]);
  }

  /// n in [0, 16].
  static __mmask16 first(int64_t n) { return static_cast<__mmask16>((1U << n) - 1U); }
};

inline F16 operator+(F16 a, F16 b) {
  return {_mm512_add_ps(a.v, b.v)};
}
inline F16 operator-(F16 a, F16 b) {
  return {_mm512_sub_ps(a.v, b.v)};
}
inline F16 operator*(F16 a, F16 b) {
  return {_mm512_mul_ps(a.v, b.v)};
}
inline F16 operator/(F16 a, F16 b) {
  return {_mm512_div_ps(a.v, b.v)};
}
inline F16 fma(F16 a, F16 b, F16 c) {
  return {_mm512_fmadd_ps(a.v, b.v, c.v)};
}
inline F16 max(F16 a, F16 b) {
  return {_mm512_max_ps(a.v, b.v)};
}
inline F16 min(F16 a, F16 b) {
  return {_mm512_min_ps(a.v, b.v)};
}
inline F16 sqrt(F16 a) {
  return {_mm512_sqrt_ps(a.v)};
}
inline F16 round(F16 a) {
  return {_mm512_roundscale_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
}
/// x < y ? a : b
inline F16 select_less(F16 x, F16 y, F16 a, F16 b) {
  return {_mm512_mask_blend_ps(_mm512_cmp_ps_mask(x.v, y.v, _CMP_LT_OQ), b.v, a.v)};
}
/// a 2^n for whole n in [-126, 127].
inline F16 scaled(F16 a, F16 n) {
  return {_mm512_scalef_ps(a.v, n.v)};
}
/// Whether a lane of a is above that of b.
inline bool any_above(F16 a, F16 b) {
  return _mm512_cmp_ps_mask(a.v, b.v, _CMP_GT_OQ) != 0;
}

inline float reduce_add(F16 a) {
  return _mm512_reduce_add_ps(a.v);
}
inline float reduce_max(F16 a) {
  return _mm512_reduce_max_ps(a.v);
}

/// 16 whole numbers in one register.
struct I16 {
  __m512i v;

  static I16 load(const uint32_t* p) { return {_mm512_loadu_si512(p)}; }
  void store(uint32_t* p) const { _mm512_storeu_si512(p, v); }
  void store_n(uint32_t* p, int64_t n) const { _mm512_mask_storeu_epi32(p, F16::first(n), v); }
  /// The lower halves, to 8 cells.
  void store_halves(uint32_t* p) const {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtepi32_epi16(v));
  }
  F16 to_floats() const { return {_mm512_cvtepi32_ps(v)}; }
  /// Of cells of scales and sums, see scale_cell().
  F16 scales() const {
    return {_mm512_castsi512_ps(_mm512_and_si512(v, _mm512_set1_epi32(-65536)))};
  }
};

/// Rounded to bf16, to nearest, ties to even, in the lower halves; a NaN stays one.
inline I16 bf16_of(F16 a) {
#ifdef __AVX512BF16__  // which takes what is below the least normal number for zero, as its
                       // products
  return {_mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(a.v))};
#endif
  const __m512i bits = _mm512_castps_si512(a.v);
  const __m512i upper = _mm512_srli_epi32(bits, 16);
  const __m512i odd = _mm512_and_si512(upper, _mm512_set1_epi32(1));
  const __m512i raised = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7FFF)));
  return {_mm512_mask_or_epi32(_mm512_srli_epi32(raised, 16),
                               _mm512_cmp_ps_mask(a.v, a.v, _CMP_UNORD_Q), upper,
                               _mm512_set1_epi32(0x40))};
}

inline I16 cells_of(I16 lower, I16 upper) {
  return {_mm512_or_si512(lower.v, _mm512_slli_epi32(upper.v, 16))};
}

}  // namespace

}  // namespace nelumbo
