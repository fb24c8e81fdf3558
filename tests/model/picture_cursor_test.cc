// SPDX-License-Identifier: Apache-2.0
#include "model/picture_cursor.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

Pixels picture(int64_t height, int64_t width) {
  return std::make_shared<const Picture>(Picture{height, width, {}});
}

TEST(PictureCursor, GivesEachPictureItsOwnNumberOfPlaceholders) {
  const std::vector<Pixels> pictures{picture(4, 8), picture(4, 4)};
  PictureCursor cursor(pictures, {.token_side = 4});
  EXPECT_EQ(cursor.left(), 3);
  EXPECT_EQ(cursor.next()->index, 0);
  const auto second = cursor.next();
  EXPECT_EQ(second->picture, 0U);
  EXPECT_EQ(second->index, 1);
  EXPECT_EQ(second->grid, (TokenGrid{1, 2}));
  EXPECT_EQ(cursor.left(), 1);
  const auto third = cursor.next();
  EXPECT_EQ(third->picture, 1U);
  EXPECT_EQ(third->index, 0);
  EXPECT_FALSE(cursor.next().has_value());
  EXPECT_EQ(cursor.left(), 0);
}

TEST(PictureCursor, CountsThePlaceholdersOfAllPictures) {
  const std::vector<Pixels> pictures{picture(8, 8), picture(8, 12)};
  EXPECT_EQ(placeholders_of(pictures, {.token_side = 4}), 10);
  EXPECT_EQ(placeholders_of({}, {.token_side = 4}), 0);
}

}  // namespace
}  // namespace nelumbo
