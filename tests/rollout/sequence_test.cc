// SPDX-License-Identifier: Apache-2.0
#include "rollout/sequence.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

constexpr int32_t kImage = 9;

Pixels picture_of(float value, int64_t tokens = 2) {
  return std::make_shared<const Picture>(
      Picture{1, tokens, std::vector<float>(static_cast<size_t>(3 * tokens), value)});
}

ActiveGroup group_of_pictures() {
  static PictureBook book(RowLayout{.token_side = 1});
  return {GroupRequest{}, book};
}

TEST(ActiveGroup, KeepsEqualPicturesOnce) {
  ActiveGroup group = group_of_pictures();
  const EncodedPicture& first = group.picture(picture_of(1));
  const EncodedPicture& other = group.picture(picture_of(2));
  EXPECT_EQ(&group.picture(picture_of(1)), &first);
  EXPECT_NE(&other, &first);
  EXPECT_EQ(group.pictures.size(), 2U);
}

TEST(ActiveGroup, SharesPicturesWithOtherGroupsWhileEitherIsThere) {
  PictureBook book(RowLayout{.token_side = 1});
  ActiveGroup one({}, book);
  EncodedPicture& first = one.picture(picture_of(1));
  first.features = {1, 2, 3};
  {
    ActiveGroup two({}, book);
    EXPECT_EQ(&two.picture(picture_of(1)), &first);
    EXPECT_NE(&two.picture(picture_of(2)), &first);
  }
  one.pictures.clear();
  EXPECT_TRUE(one.picture(picture_of(1)).features.empty());
}

TEST(ActiveGroup, PutsPicturesInThePlaceOfTheirPlaceholders) {
  ActiveGroup group = group_of_pictures();
  const auto inputs = group.inputs({1, kImage, kImage, 2, kImage, kImage, kImage},
                                   {picture_of(1), picture_of(2, 3)}, kImage);
  ASSERT_EQ(inputs.size(), 7U);
  EXPECT_EQ(inputs[0].picture, nullptr);
  EXPECT_EQ(inputs[1].picture, group.pictures[0].get());
  EXPECT_EQ(inputs[1].feature, 0);
  EXPECT_EQ(inputs[2].feature, 1);
  EXPECT_EQ(inputs[3].token, 2);
  EXPECT_EQ(inputs[6].picture, group.pictures[1].get());
  EXPECT_EQ(inputs[6].feature, 2);
  EXPECT_EQ(group.pictures[1]->grid, (TokenGrid{1, 3}));
}

TEST(ActiveGroupDeathTest, APictureWithoutItsTokensIsABug) {
  ActiveGroup group = group_of_pictures();
  EXPECT_EXIT(group.inputs({1, kImage}, {picture_of(1)}, kImage), testing::ExitedWithCode(70),
              "pictures without tokens");
  EXPECT_EXIT(group.inputs({kImage, kImage}, {}, kImage), testing::ExitedWithCode(70),
              "more image tokens than pictures");
}

}  // namespace
}  // namespace nelumbo
