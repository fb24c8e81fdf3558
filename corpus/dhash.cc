// SPDX-License-Identifier: Apache-2.0
#include "corpus/dhash.h"

#include <array>
#include <bit>

namespace nelumbo {
namespace {

constexpr int64_t kColumns = 9, kRows = 8;

/// Luma of ITU-R BT.601 in 16-bit fixed point, rounded.
int luma(const uint8_t* rgb) {
  return (rgb[0] * 19595 + rgb[1] * 38470 + rgb[2] * 7471 + 0x8000) >> 16;
}

}  // namespace

uint64_t dhash(const Image& image) {
  const Box all{0, 0, static_cast<double>(image.width), static_cast<double>(image.height)};
  const Image small = resize(image, all, kColumns, kRows, Resample::kLanczos);
  std::array<int, kColumns * kRows> grey{};
  for (size_t i = 0; i < grey.size(); ++i)
    grey[i] = luma(&small.rgb[3 * i]);
  uint64_t hash = 0;
  for (size_t y = 0; y < kRows; ++y)
    for (size_t x = 0; x + 1 < kColumns; ++x)
      hash = hash << 1 | (grey[y * kColumns + x] > grey[y * kColumns + x + 1] ? 1U : 0U);
  return hash;
}

int hamming(uint64_t a, uint64_t b) {
  return std::popcount(a ^ b);
}

}  // namespace nelumbo
