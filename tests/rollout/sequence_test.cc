// SPDX-License-Identifier: Apache-2.0
#include "rollout/sequence.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

constexpr int32_t kImage = 9;

Pixels picture_of(float value) {
  return std::make_shared<const std::vector<float>>(3, value);
}

TEST(ActiveGroup, KeepsEqualPicturesOnce) {
  ActiveGroup group;
  const EncodedPicture& first = group.picture(picture_of(1));
  const EncodedPicture& other = group.picture(picture_of(2));
  EXPECT_EQ(&group.picture(picture_of(1)), &first);
  EXPECT_NE(&other, &first);
  EXPECT_EQ(group.pictures.size(), 2U);
}

TEST(ActiveGroup, PutsPicturesInThePlaceOfTheirPlaceholders) {
  ActiveGroup group;
  const auto inputs = group.inputs({1, kImage, kImage, 2, kImage, kImage},
                                   {picture_of(1), picture_of(2)}, kImage, 2);
  ASSERT_EQ(inputs.size(), 6U);
  EXPECT_EQ(inputs[0].picture, nullptr);
  EXPECT_EQ(inputs[1].picture, &group.pictures[0]);
  EXPECT_EQ(inputs[1].feature, 0);
  EXPECT_EQ(inputs[2].feature, 1);
  EXPECT_EQ(inputs[3].token, 2);
  EXPECT_EQ(inputs[5].picture, &group.pictures[1]);
  EXPECT_EQ(inputs[5].feature, 1);
}

TEST(ActiveGroupDeathTest, APictureWithoutItsTokensIsABug) {
  ActiveGroup group;
  EXPECT_EXIT(group.inputs({1, kImage}, {picture_of(1)}, kImage, 2), testing::ExitedWithCode(70),
              "pictures without tokens");
  EXPECT_EXIT(group.inputs({kImage, kImage}, {}, kImage, 2), testing::ExitedWithCode(70),
              "more image tokens than pictures");
}

}  // namespace
}  // namespace nelumbo
