// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/check.h"
#include "kernels/kernels.h"

namespace nelumbo {

namespace {

// Calls copy(row of the map, slot of the shuffled map) for each row of K floats.
template <class Copy>
void for_each_shuffled(int64_t side, int64_t factor, const Copy& copy) {
  NELUMBO_CHECK(factor >= 1 && side % factor == 0)
      << "a map of side " << side << " cannot be shuffled by " << factor;
  const int64_t out_side = side / factor;
  int64_t slot = 0;
  for (int64_t i = 0; i < out_side; ++i) {
    for (int64_t j = 0; j < out_side; ++j) {
      for (int64_t part = 0; part < factor * factor; ++part, ++slot)
        copy((factor * i + part / factor) * side + factor * j + part % factor, slot);
    }
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-function-size): the shape of one image
void patches(const float* image, int64_t channels, int64_t height, int64_t width, int64_t p,
             int64_t frames, std::span<const PatchPlace> places, float* rows) {
  NELUMBO_CHECK(p >= 1 && height % p == 0 && width % p == 0)
      << "an image of " << height << " x " << width << " has no whole patches of " << p;
  for (const PatchPlace& place : places) {
    for (int64_t line = 0; line < channels * frames * p; ++line) {
      const int64_t channel = line / (frames * p);
      const int64_t y = place.row * p + line % p;
      rows = std::copy_n(image + (channel * height + y) * width + place.col * p, p, rows);
    }
  }
}

void pixel_shuffle(const float* x, int64_t side, int64_t k, int64_t factor, float* out) {
  for_each_shuffled(side, factor, [&](int64_t row, int64_t slot) {
    std::copy_n(x + row * k, k, out + slot * k);
  });
}

void pixel_unshuffle(const float* x, int64_t side, int64_t k, int64_t factor, float* out) {
  for_each_shuffled(side, factor, [&](int64_t row, int64_t slot) {
    std::copy_n(x + slot * k, k, out + row * k);
  });
}

}  // namespace nelumbo
