// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <immintrin.h>

#include "kernels/kernel_table.h"

// Blocks of sums by the tile unit (Intel Architecture Instruction Set Extensions, chapter AMX):
// TDPBF16PS adds to a tile of 16 x 16 floats the product of 16 rows of 16 pairs by 16 rows of 16
// pairs. An element's sum is a chain of those products along the inputs, whatever tile it stands
// in, so the number of rows never shows in the bits. Four tiles of sums are computed at once, two
// by two or, for few rows, one by four. Loads of tiles wait for memory one after the other, so
// weights are asked for ahead.

namespace nelumbo {

constexpr int64_t kSide = 16;  // rows of a tile, and cells or floats in one
constexpr int64_t kBlock = 2 * kSide;
constexpr int64_t kBytes = 4;  // of a cell and of a float

namespace {

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

/// Where a block of sums lies.
struct Sums {
  float* at;
  int64_t stride;
};

/// Tile kSum += tile kA times tile kB.
template <int kSum, int kA, int kB>
void dot() {
  asm volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" ::"i"(kSum), "i"(kA), "i"(kB));
}

/// Asks for the lines behind 16 cells of a panel that are read four such steps later. What lies
/// behind the end of a matrix is asked for in vain, which is no fault.
inline void ask_ahead(const uint32_t* panel) {
  constexpr int64_t kAhead = 4 * kSide * kPanel;
#pragma GCC unroll 8
  for (int64_t line = 0; line < kPanel; ++line)
    __builtin_prefetch(panel + kAhead + line * kSide, 0, 2);
}

/// 32 x 32 sums, 16 x 32 where kTall is 1: sums (+)= a b over `cells` cells. Rows of a are
/// `a_stride` cells long, those of b a panel. Fresh sums begin at zero, the others at what `sums`
/// holds. `streams`: b comes from memory.
template <int kTall, bool kFresh>
void multiply(const uint32_t* a, int64_t a_stride, const uint32_t* b, int64_t cells, Sums sums,
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
  for (int64_t p = 0; p < cells; p += kSide) {
    if (streams)
      ask_ahead(b + p * kPanel);
    _tile_loadd(6, b + p * kPanel, kPanel * kBytes);
    _tile_loadd(4, a + p, a_stride * kBytes);
    dot<0, 4, 6>();
    _tile_loadd(7, b + p * kPanel + kSide, kPanel * kBytes);
    dot<1, 4, 7>();
    if constexpr (kTall == 2) {
      _tile_loadd(5, a + kSide * a_stride + p, a_stride * kBytes);
      dot<2, 5, 6>();
      dot<3, 5, 7>();
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
void multiply(int64_t rows, const uint32_t* a, int64_t a_stride, const uint32_t* b, int64_t cells,
              Sums sums, bool streams) {
  if (rows > kSide)
    multiply<2, kFresh>(a, a_stride, b, cells, sums, streams);
  else
    multiply<1, kFresh>(a, a_stride, b, cells, sums, streams);
}

/// 16 rows of a whole panel of sums: sums = a b over `cells` cells, read in the order of memory.
inline void multiply_panel(const uint32_t* a, const uint32_t* b, int64_t cells, Sums sums) {
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (int64_t p = 0; p < cells; p += kSide) {
    const uint32_t* panel = b + p * kPanel;
    ask_ahead(panel);
    _tile_loadd(4, a + p, cells * kBytes);
    _tile_loadd(5, panel, kPanel * kBytes);
    dot<0, 4, 5>();
    _tile_loadd(6, panel + kSide, kPanel * kBytes);
    dot<1, 4, 6>();
    _tile_loadd(7, panel + 2 * kSide, kPanel * kBytes);
    dot<2, 4, 7>();
    _tile_loadd(5, panel + 3 * kSide, kPanel * kBytes);
    dot<3, 4, 5>();
  }
  const int64_t stride = sums.stride * kBytes;
  _tile_stored(0, sums.at, stride);
  _tile_stored(1, sums.at + kSide, stride);
  _tile_stored(2, sums.at + 2 * kSide, stride);
  _tile_stored(3, sums.at + 3 * kSide, stride);
}

}  // namespace

}  // namespace nelumbo
