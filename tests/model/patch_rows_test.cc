// SPDX-License-Identifier: Apache-2.0
#include "model/patch_rows.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

/// Patches of 2 pixels, 2 x 2 of them a token, windows of 2 x 2 tokens if any.
ModelConfig small(bool windows) {
  ModelConfig config;
  config.vision.patch_size = 2;
  config.scale_factor = 2;
  if (windows)
    config.vision.windows = VisionWindows{.size = 8, .whole_layers = {}, .frames = 2};
  return config;
}

Pixels picture(int64_t height, int64_t width) {
  Picture made{height, width, {}};
  for (int64_t i = 0; i < 3 * height * width; ++i)
    made.values.push_back(static_cast<float>(i));
  return std::make_shared<const Picture>(made);
}

std::vector<std::pair<int, int>> places_of(const PatchRows& rows) {
  std::vector<std::pair<int, int>> places;
  for (const PatchPlace& place : rows.places)
    places.emplace_back(place.row, place.col);
  return places;
}

using Places = std::vector<std::pair<int, int>>;

TEST(PatchRows, WithoutWindowsGoInRasterOrder) {
  const PatchRows rows = patch_rows(small(false), std::vector{picture(4, 4), picture(4, 8)});
  ASSERT_EQ(rows.places.size(), 12U);
  EXPECT_EQ(Places(places_of(rows)).front(), std::pair(0, 0));
  EXPECT_EQ(places_of(rows)[7], std::pair(0, 3));
  EXPECT_EQ(places_of(rows)[8], std::pair(1, 0));
  ASSERT_EQ(rows.pictures.size(), 2U);
  EXPECT_EQ(rows.pictures[1].begin, 4);
  EXPECT_EQ(rows.pictures[1].length, 8);
  EXPECT_TRUE(rows.windows.empty());
}

TEST(PatchRows, WithWindowsGoWindowByWindowAndTokenByToken) {
  // 1 x 3 tokens: a window of two, and one of what is left.
  const PatchRows rows = patch_rows(small(true), std::vector{picture(4, 12)});
  EXPECT_EQ(places_of(rows), (Places{{0, 0},
                                     {0, 1},
                                     {1, 0},
                                     {1, 1},
                                     {0, 2},
                                     {0, 3},
                                     {1, 2},
                                     {1, 3},
                                     {0, 4},
                                     {0, 5},
                                     {1, 4},
                                     {1, 5}}));
  EXPECT_EQ(rows.positions[2 * 6], 1);
  EXPECT_EQ(rows.positions[2 * 6 + 1], 2);
  ASSERT_EQ(rows.windows.size(), 2U);
  EXPECT_EQ(rows.windows[1].begin, 8);
  EXPECT_EQ(rows.windows[1].length, 4);
  EXPECT_FALSE(rows.windows[0].causal);
  EXPECT_EQ(rows.segments(Reach::kPicture).front().length, 12);
  EXPECT_EQ(rows.segments(Reach::kWindow).front().length, 8);
}

TEST(PatchRows, KnowTheWayBackToRasterOrder) {
  // 3 x 3 tokens in windows of 2 x 2: the second row's third token stands in the second window.
  const PatchRows rows = patch_rows(small(true), std::vector{picture(12, 12), picture(4, 4)});
  EXPECT_EQ(rows.order, (std::vector<int64_t>{0, 1, 4, 2, 3, 5, 6, 7, 8, 9}));
}

TEST(PatchRows, ReadThePixelsOfTheirPlaces) {
  Team team(2);
  const std::vector<Pixels> pixels{picture(4, 4), picture(4, 4)};
  const ModelConfig config = small(true);
  const PatchRows rows = patch_rows(config, pixels);
  ASSERT_EQ(patch_size(config.vision), 24);
  std::vector<float> out(rows.places.size() * 24);
  fill_patches(team, config.vision, rows, pixels, out.data());
  const std::vector<float> last(out.end() - 24, out.end());
  EXPECT_EQ(last, (std::vector<float>{10, 11, 14, 15, 10, 11, 14, 15, 26, 27, 30, 31,
                                      26, 27, 30, 31, 42, 43, 46, 47, 42, 43, 46, 47}));
}

TEST(PatchRows, OfOnePassAreBoundedButForOnePicture) {
  const ModelConfig config = small(false);
  EXPECT_EQ(pictures_of_pass(config.vision, std::vector(3, picture(4, 4))), 3U);
  const Pixels large = std::make_shared<const Picture>(Picture{400, 400, {}});
  EXPECT_EQ(pictures_of_pass(config.vision, std::vector{large, large}), 1U);
}

TEST(PatchRowsDeathTest, RefuseAPictureOfHalfTokens) {
  EXPECT_EXIT(patch_rows(small(true), std::vector{picture(4, 6)}), testing::ExitedWithCode(70),
              "has no whole tokens");
}

}  // namespace
}  // namespace nelumbo
