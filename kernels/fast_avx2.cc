// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include <immintrin.h>

#include "kernels/fast_table.h"
#include "kernels/kernel_table.h"

namespace nelumbo {

namespace {

alignas(64) constexpr int32_t kFirst[kLanes] = {-1, -1, -1, -1, -1, -1, -1, -1};

/// -1 in the first n of 8 lanes, for any n.
inline __m256i first(int64_t n) {
  const int64_t bounded = n < 0 ? 0 : (n > 8 ? 8 : n);
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(kFirst + 8 - bounded));
}

/// 16 floats in two registers.
struct F16 {
  // 16 registers hold 12 for the sums, 2 for a column and a broadcast value.
  static constexpr int kTileColumns = 1;
  static constexpr int tile_rows(int /*columns*/) { return 6; }
  static constexpr int kQueries = 4;  // that attention takes together

  __m256 lo, hi;

  static F16 zero() { return {_mm256_setzero_ps(), _mm256_setzero_ps()}; }
  static F16 set1(float x) { return {_mm256_set1_ps(x), _mm256_set1_ps(x)}; }
  static F16 load(const float* p) { return {_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)}; }
  static F16 load_n(const float* p, int64_t n) {
    return {_mm256_maskload_ps(p, first(n)), _mm256_maskload_ps(p + 8, first(n - 8))};
  }
  void store(float* p) const {
    _mm256_storeu_ps(p, lo);
    _mm256_storeu_ps(p + 8, hi);
  }
  void store_n(float* p, int64_t n) const {
    _mm256_maskstore_ps(p, first(n), lo);
    _mm256_maskstore_ps(p + 8, first(n - 8), hi);
  }
  /// Turns 16 rows of 16 cells into columns, and writes the first `count` of them as rows.
  template <class Cell>
  static void transpose(const Cell* from, int64_t from_stride, Cell* to, int64_t to_stride,
                        int64_t count) {
    for (int64_t i = 0; i < count; ++i)
      for (int64_t j = 0; j < kLanes; ++j)
        to[i * to_stride + j] = from[j * from_stride + i];
  }
  /// The first n lanes of a, the others of b.
  static F16 select_first(int64_t n, F16 a, F16 b) {
    return {_mm256_blendv_ps(b.lo, a.lo, _mm256_castsi256_ps(first(n))),
            _mm256_blendv_ps(b.hi, a.hi, _mm256_castsi256_ps(first(n - 8)))};
  }
};

inline F16 operator+(F16 a, F16 b) {
  return {_mm256_add_ps(a.lo, b.lo), _mm256_add_ps(a.hi, b.hi)};
}
inline F16 operator-(F16 a, F16 b) {
  return {_mm256_sub_ps(a.lo, b.lo), _mm256_sub_ps(a.hi, b.hi)};
}
inline F16 operator*(F16 a, F16 b) {
  return {_mm256_mul_ps(a.lo, b.lo), _mm256_mul_ps(a.hi, b.hi)};
}
inline F16 operator/(F16 a, F16 b) {
  return {_mm256_div_ps(a.lo, b.lo), _mm256_div_ps(a.hi, b.hi)};
}
inline F16 fma(F16 a, F16 b, F16 c) {
  return {_mm256_fmadd_ps(a.lo, b.lo, c.lo), _mm256_fmadd_ps(a.hi, b.hi, c.hi)};
}
inline F16 max(F16 a, F16 b) {
  return {_mm256_max_ps(a.lo, b.lo), _mm256_max_ps(a.hi, b.hi)};
}
inline F16 min(F16 a, F16 b) {
  return {_mm256_min_ps(a.lo, b.lo), _mm256_min_ps(a.hi, b.hi)};
}
inline F16 sqrt(F16 a) {
  return {_mm256_sqrt_ps(a.lo), _mm256_sqrt_ps(a.hi)};
}
inline F16 round(F16 a) {
  constexpr int kNearest = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
  return {_mm256_round_ps(a.lo, kNearest), _mm256_round_ps(a.hi, kNearest)};
}
/// x < y ? a : b
inline F16 select_less(F16 x, F16 y, F16 a, F16 b) {
  return {_mm256_blendv_ps(b.lo, a.lo, _mm256_cmp_ps(x.lo, y.lo, _CMP_LT_OQ)),
          _mm256_blendv_ps(b.hi, a.hi, _mm256_cmp_ps(x.hi, y.hi, _CMP_LT_OQ))};
}
inline __m256 power_of_two(__m256 a) {
  const __m256i n = _mm256_add_epi32(_mm256_cvtps_epi32(a), _mm256_set1_epi32(127));
  return _mm256_castsi256_ps(_mm256_slli_epi32(n, 23));
}
/// a 2^n for whole n in [-126, 127].
inline F16 scaled(F16 a, F16 n) {
  return {_mm256_mul_ps(a.lo, power_of_two(n.lo)), _mm256_mul_ps(a.hi, power_of_two(n.hi))};
}
/// Whether a lane of a is above that of b.
inline bool any_above(F16 a, F16 b) {
  return _mm256_movemask_ps(_mm256_or_ps(_mm256_cmp_ps(a.lo, b.lo, _CMP_GT_OQ),
                                         _mm256_cmp_ps(a.hi, b.hi, _CMP_GT_OQ))) != 0;
}

/// Halves are folded until one lane is left.
template <class Fold256, class Fold128>
float reduce(F16 a, Fold256 fold256, Fold128 fold128) {
  const __m256 y = fold256(a.lo, a.hi);
  const __m128 x = fold128(_mm256_castps256_ps128(y), _mm256_extractf128_ps(y, 1));
  const __m128 w = fold128(x, _mm_movehl_ps(x, x));
  return _mm_cvtss_f32(fold128(w, _mm_movehdup_ps(w)));
}
inline float reduce_add(F16 a) {
  return reduce(
      a, [](__m256 x, __m256 y) { return _mm256_add_ps(x, y); },
      [](__m128 x, __m128 y) { return _mm_add_ps(x, y); });
}
inline float reduce_max(F16 a) {
  return reduce(
      a, [](__m256 x, __m256 y) { return _mm256_max_ps(x, y); },
      [](__m128 x, __m128 y) { return _mm_max_ps(x, y); });
}

/// Of each cell, as floats.
inline __m256 upper_half(__m256i cells) {
  return _mm256_castsi256_ps(_mm256_and_si256(cells, _mm256_set1_epi32(-65536)));
}

/// 16 pairs of bf16, widened to multiply.
struct Pairs {
  __m256i lo, hi;

  static Pairs load(const uint32_t* p) {
    const auto* halves = reinterpret_cast<const __m256i*>(p);
    return {_mm256_loadu_si256(halves), _mm256_loadu_si256(halves + 1)};
  }
  static Pairs set1(uint32_t x) {
    const __m256i all = _mm256_set1_epi32(static_cast<int32_t>(x));
    return {all, all};
  }
  static Pairs load_n(const uint32_t* p, int64_t n) {
    const auto* halves = reinterpret_cast<const int*>(p);
    return {_mm256_maskload_epi32(halves, nelumbo::first(n)),
            _mm256_maskload_epi32(halves + 8, nelumbo::first(n - 8))};
  }
  /// Each pair with zero in place of its second.
  Pairs lower() const {
    const __m256i mask = _mm256_set1_epi32(0xFFFF);
    return {_mm256_and_si256(lo, mask), _mm256_and_si256(hi, mask)};
  }
  F16 first() const { return {raised(lo), raised(hi)}; }
  F16 second() const { return {upper_half(lo), upper_half(hi)}; }

 private:
  static __m256 raised(__m256i x) { return _mm256_castsi256_ps(_mm256_slli_epi32(x, 16)); }
};

inline F16 fma(Pairs a, Pairs b, F16 c) {
  return fma(a.second(), b.second(), fma(a.first(), b.first(), c));
}

/// 16 whole numbers in two registers.
struct I16 {
  __m256i lo, hi;

  static I16 load(const uint32_t* p) {
    const auto* halves = reinterpret_cast<const __m256i*>(p);
    return {_mm256_loadu_si256(halves), _mm256_loadu_si256(halves + 1)};
  }
  void store(uint32_t* p) const {
    auto* halves = reinterpret_cast<__m256i*>(p);
    _mm256_storeu_si256(halves, lo);
    _mm256_storeu_si256(halves + 1, hi);
  }
  void store_n(uint32_t* p, int64_t n) const {
    auto* halves = reinterpret_cast<int*>(p);
    _mm256_maskstore_epi32(halves, first(n), lo);
    _mm256_maskstore_epi32(halves + 8, first(n - 8), hi);
  }
  /// The lower halves, to 8 cells.
  void store_halves(uint32_t* p) const {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p),
                        _mm256_permute4x64_epi64(_mm256_packus_epi32(lo, hi), 0xD8));
  }
  F16 to_floats() const { return {_mm256_cvtepi32_ps(lo), _mm256_cvtepi32_ps(hi)}; }
  /// Of cells of scales and sums, see scale_cell().
  F16 scales() const { return {upper_half(lo), upper_half(hi)}; }
};

inline __m256i bf16_of(__m256 a) {
  const __m256i bits = _mm256_castps_si256(a);
  const __m256i upper = _mm256_srli_epi32(bits, 16);
  const __m256i odd = _mm256_and_si256(upper, _mm256_set1_epi32(1));
  const __m256i raised = _mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7FFF)));
  const __m256i quiet = _mm256_or_si256(upper, _mm256_set1_epi32(0x40));
  return _mm256_blendv_epi8(_mm256_srli_epi32(raised, 16), quiet,
                            _mm256_castps_si256(_mm256_cmp_ps(a, a, _CMP_UNORD_Q)));
}
/// Rounded to bf16, to nearest, ties to even, in the lower halves; a NaN stays one.
inline I16 bf16_of(F16 a) {
  return {bf16_of(a.lo), bf16_of(a.hi)};
}

inline I16 cells_of(I16 lower, I16 upper) {
  return {_mm256_or_si256(lower.lo, _mm256_slli_epi32(upper.lo, 16)),
          _mm256_or_si256(lower.hi, _mm256_slli_epi32(upper.hi, 16))};
}

/// 8 quads of int8, the even and the odd ones widened to multiply.
struct HalfQuads {
  __m256i even, odd;

  static HalfQuads of(__m256i cells) {
    return {_mm256_srai_epi16(_mm256_slli_epi16(cells, 8), 8), _mm256_srai_epi16(cells, 8)};
  }
};

struct Quads {
  using Sums = I16;

  HalfQuads lo, hi;

  static I16 start(I16 /*cells*/) { return {_mm256_setzero_si256(), _mm256_setzero_si256()}; }

  static Quads load(const uint32_t* p) {
    const auto* halves = reinterpret_cast<const __m256i*>(p);
    return {HalfQuads::of(_mm256_loadu_si256(halves)),
            HalfQuads::of(_mm256_loadu_si256(halves + 1))};
  }
  static Quads set1(uint32_t x) {
    const HalfQuads all = HalfQuads::of(_mm256_set1_epi32(static_cast<int32_t>(x)));
    return {all, all};
  }
};

inline __m256i fma(HalfQuads a, HalfQuads b, __m256i c) {
  return _mm256_add_epi32(
      c, _mm256_add_epi32(_mm256_madd_epi16(a.even, b.even), _mm256_madd_epi16(a.odd, b.odd)));
}
inline I16 fma(Quads a, Quads b, I16 c) {
  return {fma(a.lo, b.lo, c.lo), fma(a.hi, b.hi, c.hi)};
}

}  // namespace

const KernelTable& avx2_table() {
  return kFastTable<F16, Pairs, Quads>;
}

}  // namespace nelumbo
