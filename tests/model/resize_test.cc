// SPDX-License-Identifier: Apache-2.0
//
// Expected bytes are what Pillow 13.0 gives for Image.resize(size, filter, box=crop).

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "model/image.h"

namespace nelumbo {
namespace {

/// A picture in which every pixel and channel differs from its neighbours.
Image pattern(int64_t width, int64_t height) {
  Image image{width, height, {}};
  for (int64_t y = 0; y < height; ++y)
    for (int64_t x = 0; x < width; ++x)
      for (int64_t c = 0; c < 3; ++c)
        image.rgb.push_back(static_cast<uint8_t>(x * 37 + y * 59 + c * 101 + x * y * 13));
  return image;
}

using Bytes = std::vector<uint8_t>;

TEST(Resize, LanczosOfAWholePictureEqualsPillow) {
  EXPECT_EQ(resize(pattern(9, 7), {0, 0, 9, 7}, 3, 2, Resample::kLanczos).rgb,
            (Bytes{125, 122, 113, 133, 133, 142, 117, 131, 156, 161, 126, 114, 128, 111, 140, 124,
                   134, 136}));
}

TEST(Resize, BilinearOfAFractionalCropEqualsPillow) {
  EXPECT_EQ(resize(pattern(9, 7), {1.25, 0.5, 8.75, 6.1}, 3, 2, Resample::kBilinear).rgb,
            (Bytes{137, 120, 122, 123, 131, 152, 121, 140, 154, 155, 120, 114, 123, 116, 142, 125,
                   131, 132}));
}

TEST(Resize, BicubicEnlargementOfACropEqualsPillow) {
  EXPECT_EQ(resize(pattern(9, 7), {2, 1, 5, 4}, 4, 2, Resample::kBicubic).rgb,
            (Bytes{183, 48,  126, 170, 68,  170, 106, 123, 172, 48,  154, 149,
                   142, 128, 84,  117, 193, 134, 145, 190, 151, 177, 125, 122}));
}

TEST(Resize, FiltersColumnsFirstWhereManyRowsAreLost) {
  EXPECT_EQ(resize(pattern(6, 14), {0.5, 0, 6, 14}, 5, 2, Resample::kBilinear).rgb,
            (Bytes{130, 124, 127, 147, 107, 109, 144, 131, 128, 124, 134, 132, 109, 95,  173,
                   140, 125, 120, 151, 99,  105, 127, 111, 111, 124, 120, 119, 88,  154, 154}));
}

TEST(Resize, LeavesAnAxisAloneWhoseSizeIsKept) {
  const Image image = pattern(5, 4);
  EXPECT_EQ(resize(image, {0, 0, 5, 4}, 5, 4, Resample::kLanczos).rgb, image.rgb);
  const Image wide = resize(image, {0, 0, 5, 4}, 10, 4, Resample::kBilinear);
  EXPECT_EQ(wide.width, 10);
  for (int64_t y = 0; y < 4; ++y)
    EXPECT_EQ(wide.rgb[y * 30], image.rgb[y * 15]) << "the left edge has one input, row " << y;
}

TEST(Resize, KeepsAFlatPictureFlat) {
  const Image grey{64, 48, Bytes(64 * 48 * 3, 77)};
  for (const Resample filter : {Resample::kLanczos, Resample::kBilinear, Resample::kBicubic})
    EXPECT_EQ(resize(grey, {3.3, 1.7, 60.1, 47.9}, 17, 31, filter).rgb, Bytes(17 * 31 * 3, 77));
}

TEST(Resize, MakesAWholePictureOfOnePixel) {
  const Image dot{1, 1, {10, 20, 30}};
  EXPECT_EQ(resize(dot, {0, 0, 1, 1}, 2, 1, Resample::kBicubic).rgb,
            (Bytes{10, 20, 30, 10, 20, 30}));
}

TEST(ResizeDeathTest, RefusesACropOutsideThePicture) {
  EXPECT_DEATH(resize(pattern(4, 4), {0, 0, 5, 4}, 2, 2, Resample::kBilinear), "crop");
  EXPECT_DEATH(resize(pattern(4, 4), {2, 0, 2, 4}, 2, 2, Resample::kBilinear), "crop");
}

}  // namespace
}  // namespace nelumbo
