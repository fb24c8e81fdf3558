// SPDX-License-Identifier: Apache-2.0
#include <numeric>

#include <gtest/gtest.h>

#include "tests/kernels/kernel_testing.h"

namespace nelumbo {
namespace {

Floats counted(int64_t size) {
  Floats x(static_cast<size_t>(size));
  std::iota(x.begin(), x.end(), 0.0F);
  return x;
}

// Two channels of 2 x 4: 0..7 and 8..15, patches of 2.
TEST(Patches, StandChannelByChannelInTheOrderOfTheirPlaces) {
  Floats rows(16);
  const PatchPlace places[] = {{0, 0}, {0, 1}};
  patches(counted(16).data(), 2, 2, 4, 2, 1, places, rows.data());
  EXPECT_EQ(rows, (Floats{0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15}));
}

TEST(Patches, OfAStillPictureAreTheSameInEveryFrame) {
  Floats rows(16);
  const PatchPlace places[] = {{0, 1}};
  patches(counted(16).data(), 2, 2, 4, 2, 2, places, rows.data());
  EXPECT_EQ(rows, (Floats{2, 3, 6, 7, 2, 3, 6, 7, 10, 11, 14, 15, 10, 11, 14, 15}));
}

TEST(PixelShuffle, JoinsEachSquareOfRowsInRasterOrder) {
  // A 4 x 4 map of one feature.
  Floats out(16);
  pixel_shuffle(counted(16).data(), 4, 1, 2, out.data());
  EXPECT_EQ(out, (Floats{0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15}));
}

TEST(PixelShuffle, KeepsTheFeaturesOfARowTogether) {
  Floats out(8);
  pixel_shuffle(counted(8).data(), 2, 2, 2, out.data());
  EXPECT_EQ(out, counted(8));
}

TEST(PixelShuffle, IsUndoneByItsInverse) {
  for (const int64_t factor : {1, 2, 3}) {
    const int64_t side = 6;
    const Floats x = random_floats(side * side * 5, 1);
    Floats out(x.size());
    Floats back(x.size());
    pixel_shuffle(x.data(), side, 5, factor, out.data());
    pixel_unshuffle(out.data(), side, 5, factor, back.data());
    EXPECT_EQ(back, x);
  }
}

TEST(PixelShuffleDeathTest, RefusesASideThatDoesNotDivide) {
  EXPECT_EXIT(pixel_shuffle(counted(25).data(), 5, 1, 2, Floats(25).data()),
              testing::ExitedWithCode(70), "cannot be shuffled");
}

}  // namespace
}  // namespace nelumbo
