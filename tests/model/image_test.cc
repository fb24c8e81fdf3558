// SPDX-License-Identifier: Apache-2.0
#include "model/image.h"

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

/// A picture of the red values given, row by row.
Image of_reds(int64_t width, const std::vector<uint8_t>& reds) {
  Image image{width, std::ssize(reds) / width, {}};
  for (const uint8_t red : reds)
    image.rgb.insert(image.rgb.end(), {red, 1, 2});
  return image;
}

std::vector<int> reds(const Image& image) {
  std::vector<int> values;
  for (int64_t i = 0; i < image.width * image.height; ++i)
    values.push_back(image.rgb[i * 3]);
  return values;
}

TEST(Box, HasNoAreaWhenInverted) {
  EXPECT_EQ((Box{3, 3, 1, 1}).area(), 0);
  EXPECT_EQ((Box{0, 0, 2, 3}).area(), 6);
}

TEST(Iou, IsTheSharedPartOfTheUnion) {
  EXPECT_DOUBLE_EQ(iou({0, 0, 2, 2}, {1, 1, 3, 3}), 1.0 / 7);
  EXPECT_DOUBLE_EQ(iou({0, 0, 2, 2}, {0, 0, 2, 2}), 1);
}

TEST(Iou, IsZeroForBoxesThatTouchOrAreEmpty) {
  EXPECT_EQ(iou({0, 0, 1, 1}, {1, 0, 2, 1}), 0);
  EXPECT_EQ(iou({0, 0, 0, 0}, {0, 0, 1, 1}), 0);
  EXPECT_EQ(iou({1, 1, 0, 0}, {1, 1, 0, 0}), 0);
}

TEST(Rotate, TurnsClockwise) {
  const Image image = of_reds(3, {1, 2, 3,  //
                                  4, 5, 6});
  EXPECT_EQ(reds(rotate(image, 90)), (std::vector{4, 1, 5, 2, 6, 3}));
  EXPECT_EQ(rotate(image, 90).width, 2);
  EXPECT_EQ(reds(rotate(image, 180)), (std::vector{6, 5, 4, 3, 2, 1}));
  EXPECT_EQ(reds(rotate(image, 270)), (std::vector{3, 6, 2, 5, 1, 4}));
  EXPECT_EQ(reds(rotate(image, 0)), reds(image));
}

TEST(Rotate, FourQuarterTurnsGiveThePictureBack) {
  const Image image = of_reds(2, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(rotate(rotate(rotate(rotate(image, 90), 90), 90), 90).rgb, image.rgb);
}

TEST(Flip, MirrorsLeftAndRight) {
  const Image image = of_reds(3, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(reds(flip_horizontal(image)), (std::vector{3, 2, 1, 6, 5, 4}));
}

TEST(ToPicture, PutsChannelsApartBetweenMinusOneAndOne) {
  const Image image{2, 2, {0, 255, 51, 255, 0, 51, 0, 255, 51, 255, 0, 51}};
  const Picture picture = to_picture(image);
  EXPECT_EQ(picture.height, 2);
  EXPECT_EQ(picture.width, 2);
  EXPECT_EQ(std::vector<float>(picture.values.begin(), picture.values.begin() + 4),
            (std::vector<float>{-1, 1, -1, 1}));
  EXPECT_EQ(std::vector<float>(picture.values.begin() + 4, picture.values.begin() + 8),
            (std::vector<float>{1, -1, 1, -1}));
  EXPECT_FLOAT_EQ(picture.values[8], -0.6F);
}

TEST(ToPicture, ScalesEachColourByItsOwnMeanAndDeviation) {
  const Image image{2, 1, {0, 51, 255, 255, 0, 51}};
  const Picture picture = to_picture(image, {{0, 0.2F, 1}, {1, 2, 0.5F}});
  EXPECT_EQ(picture.height, 1);
  const std::vector<float> expected{0, 1, 0, -0.1F, 0, -1.6F};
  ASSERT_EQ(picture.values.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(picture.values[i], expected[i], 1e-6F);
}

TEST(ReadImage, ReadsTheShippedPhotographs) {
  const Result<Image> image =
      read_image(NELUMBO_SOURCE_DIR "/data/bccd/images/BloodImage_00000.jpg");
  ASSERT_TRUE(image.ok());
  EXPECT_EQ(image.value().width, 640);
  EXPECT_EQ(image.value().height, 480);
}

TEST(ReadImage, NamesAFileThatIsNotThere) {
  const Result<Image> image = read_image("no/such/picture.png");
  ASSERT_FALSE(image.ok());
  EXPECT_NE(image.error().message.find("no/such/picture.png"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo
