// SPDX-License-Identifier: Apache-2.0
#include "corpus/dhash.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

/// 90 x 80, each column as bright as `value(x)` says.
template <class Value>
Image columns(const Value& value) {
  Image image{90, 80, {}};
  for (int64_t y = 0; y < image.height; ++y)
    for (int64_t x = 0; x < image.width; ++x)
      image.rgb.insert(image.rgb.end(), 3, static_cast<uint8_t>(value(x)));
  return image;
}

TEST(Dhash, SaysWhetherAPixelIsBrighterThanItsRightNeighbour) {
  EXPECT_EQ(dhash(columns([](int64_t x) { return 250 - 2 * x; })), ~uint64_t{0});
  EXPECT_EQ(dhash(columns([](int64_t x) { return 2 * x; })), 0U);
}

TEST(Dhash, RunsInRasterOrderFromTheHighestBit) {
  // The upper rows fall to the right, the lower rows rise.
  Image image = columns([](int64_t x) { return 250 - 2 * x; });
  const Image rising = columns([](int64_t x) { return 2 * x; });
  std::copy(rising.rgb.begin() + std::ssize(rising.rgb) / 2, rising.rgb.end(),
            image.rgb.begin() + std::ssize(image.rgb) / 2);
  EXPECT_EQ(dhash(image), 0xFFFFFFFF00000000U);
}

TEST(Dhash, HardlyMovesWithBrightness) {
  const auto wave = [](int64_t x) { return 60 + (x * 37) % 90; };
  const uint64_t bright = dhash(columns([&](int64_t x) { return wave(x) * 5 / 4; }));
  EXPECT_LE(hamming(dhash(columns(wave)), bright), kNearDuplicateBits);
}

TEST(Dhash, HammingCountsTheBitsThatDiffer) {
  EXPECT_EQ(hamming(0b1011, 0b0010), 2);
  EXPECT_EQ(hamming(5, 5), 0);
}

}  // namespace
}  // namespace nelumbo
