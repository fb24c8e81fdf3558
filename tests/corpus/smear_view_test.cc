// SPDX-License-Identifier: Apache-2.0
#include "corpus/smear_view.h"

#include <algorithm>
#include <array>

#include <gtest/gtest.h>

#include "tests/support/smears.h"

namespace nelumbo {
namespace {

TEST(SmearView, MapsCellsIntoUnits) {
  const Smear smear = made_smear({{Cell::Kind::kRed, {64, 48, 128, 96}}});
  const auto cells = cells_in(smear, whole_frame(smear));
  ASSERT_EQ(cells.size(), 1U);
  EXPECT_NEAR(cells[0].box.x0, 100, 1e-9);
  EXPECT_NEAR(cells[0].box.y0, 100, 1e-9);
  EXPECT_NEAR(cells[0].box.x1, 200, 1e-9);
  EXPECT_NEAR(cells[0].box.y1, 200, 1e-9);
  EXPECT_EQ(cells[0].visible, 1);
}

TEST(SmearView, LeavesOutCellsThatAreMostlyCut) {
  const Smear smear =
      made_smear({{Cell::Kind::kRed, {0, 0, 100, 100}}, {Cell::Kind::kWhite, {0, 200, 100, 300}}});
  const Frame frame{{70, 0, 470, 400}, {}};
  EXPECT_TRUE(cells_in(smear, frame).empty());
  const Frame wider{{50, 0, 450, 400}, {}};
  ASSERT_EQ(cells_in(smear, wider).size(), 2U);
  EXPECT_EQ(cells_in(smear, wider)[1].box.x1, 125);
  EXPECT_NEAR(cells_in(smear, wider)[1].visible, 0.5, 1e-9);
}

TEST(SmearView, ShowsCellsWhereTheirPixelsAre) {
  Smear smear = mixed_smear();
  Image painted = *smear.image;
  const Box white = smear.cells[0].box;
  for (auto y = static_cast<int64_t>(white.y0); y < static_cast<int64_t>(white.y1); ++y)
    for (auto x = static_cast<int64_t>(white.x0); x < static_cast<int64_t>(white.x1); ++x)
      painted.rgb[static_cast<size_t>((y * 640 + x) * 3 + 2)] = 255;
  smear.image = std::make_shared<const Image>(std::move(painted));
  Random random(11, Purpose::kAugment);
  for (int round = 0; round < 50; ++round) {
    const Frame frame = random_frame(smear, random);
    const auto cells = cells_in(smear, frame);
    if (cells.empty() || cells[0].kind != Cell::Kind::kWhite)
      continue;
    const Pixels pixels = view_pixels(*smear.image, frame, 50);
    for (int64_t i = 0; i < 50 * 50; ++i) {
      const double x = static_cast<double>(i % 50) * 20 + 10;
      const double y = static_cast<double>(i / 50) * 20 + 10;
      const Box& box = cells[0].box;
      const bool inside = x > box.x0 + 25 && x < box.x1 - 25 && y > box.y0 + 25 && y < box.y1 - 25;
      const bool outside = x < box.x0 - 25 || x > box.x1 + 25 || y < box.y0 - 25 || y > box.y1 + 25;
      const float blue = pixels->values[static_cast<size_t>(2 * 50 * 50 + i)];
      if (inside) {
        EXPECT_NEAR(blue, 1, 0.02);
      }
      if (outside) {
        EXPECT_NEAR(blue, 128 / 127.5 - 1, 0.02);
      }
    }
  }
}

TEST(SmearView, DrawsCropsOfSixtyToHundredPercentInside) {
  const Smear smear = made_smear({});
  Random random(5, Purpose::kAugment);
  std::array<int, 4> orientations{};
  for (int round = 0; round < 400; ++round) {
    const Frame frame = random_frame(smear, random);
    EXPECT_GE(frame.region.x0, 0);
    EXPECT_GE(frame.region.y0, 0);
    EXPECT_LE(frame.region.x1, 640);
    EXPECT_LE(frame.region.y1, 480);
    EXPECT_GE(frame.region.width(), 640 * 0.6 - 1);
    EXPECT_GE(frame.region.height(), 480 * 0.6 - 1);
    EXPECT_EQ(frame.orientation.quarters % 2, 0);
    ++orientations[static_cast<size_t>(frame.orientation.quarters +
                                       (frame.orientation.mirrored ? 1 : 0))];
  }
  for (const int count : orientations)
    EXPECT_GT(count, 60);
}

TEST(SmearView, BrightnessScalesAndSaturates) {
  const Smear smear = made_smear({});
  const Pixels plain = view_pixels(*smear.image, whole_frame(smear), 8);
  const Pixels bright = view_pixels(*smear.image, whole_frame(smear), 8, 1.2);
  const auto value = [](float pixel) { return (pixel + 1) * 127.5F; };
  ASSERT_EQ(plain->values.size(), 3U * 8 * 8);
  for (size_t i = 0; i < plain->values.size(); ++i)
    EXPECT_NEAR(value(bright->values[i]), std::min(255.0F, 1.2F * value(plain->values[i])), 0.51);
}

TEST(SmearView, CaptionsNameWhatLiesAtTheCentreOfEachRegion) {
  // Regions are 107 x 80 pixels. The ellipse of the white cell misses the centres of the four
  // regions that its box covers; the red one covers the centre of the second region; the platelet
  // lies off centre in the last one.
  const Smear smear = made_smear({{Cell::Kind::kWhite, {40, 30, 174, 130}},
                                  {Cell::Kind::kRed, {120, 20, 240, 60}},
                                  {Cell::Kind::kPlatelet, {610, 450, 630, 470}}});
  std::array<SmearClass, 36> expected{};
  expected[1] = SmearClass::kRed;
  expected[35] = SmearClass::kPlatelet;
  EXPECT_EQ(caption_of(smear, whole_frame(smear)), expected);
}

TEST(SmearView, CaptionsShowACellThatTheViewCuts) {
  const Smear smear = made_smear({{Cell::Kind::kWhite, {0, 0, 200, 200}}});
  const auto caption = caption_of(smear, {{100, 0, 640, 480}, {}});
  // Region centres at x 145 + 90 k and y 40 + 80 k: the ellipse about (100, 100) reaches these.
  EXPECT_EQ(caption[0], SmearClass::kWhite);
  EXPECT_EQ(caption[6], SmearClass::kWhite);
  EXPECT_EQ(caption[1], SmearClass::kNone);
}

TEST(SmearView, CaptionsPreferWhiteToPlateletToRed) {
  const Box region{0, 0, 106, 80};
  const Smear all = made_smear({{Cell::Kind::kRed, region},
                                {Cell::Kind::kPlatelet, {60, 20, 80, 40}},
                                {Cell::Kind::kWhite, region}});
  EXPECT_EQ(caption_of(all, whole_frame(all))[0], SmearClass::kWhite);
  const Smear two = made_smear({all.cells[0], all.cells[1]});
  EXPECT_EQ(caption_of(two, whole_frame(two))[0], SmearClass::kPlatelet);
  const Smear one = made_smear({all.cells[0]});
  EXPECT_EQ(caption_of(one, whole_frame(one))[0], SmearClass::kRed);
  EXPECT_EQ(caption_of(one, whole_frame(one))[1], SmearClass::kNone);
}

TEST(SmearView, CaptionsFlipWithTheView) {
  const Smear smear = mixed_smear();
  const auto plain = caption_of(smear, whole_frame(smear));
  Frame flipped = whole_frame(smear);
  flipped.orientation.mirrored = true;
  const auto mirrored = caption_of(smear, flipped);
  for (size_t y = 0; y < kCaptionSide; ++y)
    for (size_t x = 0; x < kCaptionSide; ++x)
      EXPECT_EQ(plain[y * kCaptionSide + x], mirrored[y * kCaptionSide + kCaptionSide - 1 - x]);
}

}  // namespace
}  // namespace nelumbo
