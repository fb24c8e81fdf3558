// SPDX-License-Identifier: Apache-2.0
#include "corpus/coordinates.h"

#include <gtest/gtest.h>

#include "base/rng.h"
#include "tests/support/smears.h"

namespace nelumbo {
namespace {

void expect_near(const Box& a, const Box& b, double tolerance = 1e-9) {
  EXPECT_NEAR(a.x0, b.x0, tolerance);
  EXPECT_NEAR(a.y0, b.y0, tolerance);
  EXPECT_NEAR(a.x1, b.x1, tolerance);
  EXPECT_NEAR(a.y1, b.y1, tolerance);
}

Box random_box(Random& random, double width, double height) {
  const double x = random.uniform() * width * 0.9, y = random.uniform() * height * 0.9;
  return {x, y, x + 1 + random.uniform() * (width - x - 1),
          y + 1 + random.uniform() * (height - y - 1)};
}

TEST(Coordinates, MapACropBackToTheOriginal) {
  const Frame frame{{100, 50, 300, 150}, {}};
  expect_near(to_original(frame, {0, 0, 1000, 1000}), {100, 50, 300, 150});
  expect_near(to_original(frame, {500, 500, 750, 1000}), {200, 100, 250, 150});
}

TEST(Coordinates, MirrorBeforeTheyRotate) {
  const Box all{0, 0, 1000, 1000}, corner{0, 0, 100, 200};  // upper left of the original
  expect_near(from_original({all, {true, 0}}, corner), {900, 0, 1000, 200});
  expect_near(from_original({all, {false, 1}}, corner), {800, 0, 1000, 100});
  expect_near(from_original({all, {false, 2}}, corner), {900, 800, 1000, 1000});
  expect_near(from_original({all, {false, 3}}, corner), {0, 900, 200, 1000});
  expect_near(from_original({all, {true, 1}}, corner), {800, 900, 1000, 1000});
}

TEST(Coordinates, SurviveAnyChainOfCropsFlipsAndRotations) {
  Random random(7, Purpose::kControl);
  for (int round = 0; round < 200; ++round) {
    Frame frame{{0, 0, 640, 480}, {random.below(2) == 1, static_cast<int>(random.below(4))}};
    for (int step = 0; step < 4; ++step) {
      if (random.below(2) == 1)
        frame = rotated(frame, 90 * (1 + random.below(3)));
      else
        frame = zoomed(frame, random_box(random, 1000, 1000), 640, 480).value();
      EXPECT_GE(frame.region.x0, 0);
      EXPECT_LE(frame.region.x1, 640 + 1e-9);
      EXPECT_GE(frame.region.width(), kLeastCropSide - 1e-9);
      EXPECT_GE(frame.region.height(), kLeastCropSide - 1e-9);
    }
    const Box said = random_box(random, 1000, 1000);
    expect_near(from_original(frame, to_original(frame, said)), said, 1e-6);
  }
}

TEST(Coordinates, FourQuarterTurnsAreNone) {
  Frame frame{{10, 20, 30, 40}, {true, 3}};
  EXPECT_EQ(rotated(rotated(frame, 270), 90).orientation, frame.orientation);
  EXPECT_EQ(rotated(frame, 90).orientation, (Orientation{true, 0}));
}

TEST(Coordinates, SmallCropsGrowAboutTheirCentreAndStayInside) {
  expect_near(*fitting_crop({100, 100, 110, 104}, 640, 480), {91, 88, 119, 116});
  expect_near(*fitting_crop({0, 470, 10, 480}, 640, 480), {0, 452, 28, 480});
}

TEST(Coordinates, NarrowCropsGrowToTheMostExtremeAspect) {
  const Box crop = *fitting_crop({0, 200, 640, 202}, 640, 480);
  expect_near(crop, {0, 185, 640, 217});
}

TEST(Coordinates, CropsOfTinyPicturesAreTheWholePicture) {
  expect_near(*fitting_crop({3, 3, 4, 4}, 20, 10), {0, 0, 20, 10});
}

TEST(Coordinates, CropsOutsideThePictureDoNotExist) {
  EXPECT_FALSE(fitting_crop({640, 0, 700, 100}, 640, 480));
  EXPECT_FALSE(fitting_crop({50, 50, 50, 90}, 640, 480));
  EXPECT_FALSE(zoomed({{0, 0, 100, 100}, {}}, {1000, 0, 1200, 500}, 640, 480));
}

TEST(Coordinates, RenderShowsWhatTheBoxMapsTo) {
  // Red grows to the right and green downwards: a colour names its place.
  const Smear smear = made_smear({});
  for (const bool mirrored : {false, true})
    for (int quarters = 0; quarters < 4; ++quarters) {
      const Frame frame{{160, 120, 480, 360}, {mirrored, quarters}};
      const Image shown = render(*smear.image, frame, 20);
      ASSERT_EQ(shown.width, 20);
      ASSERT_EQ(shown.height, 20);
      for (const auto& [x, y] : {std::pair{2, 3}, std::pair{17, 5}, std::pair{9, 18}}) {
        const Box place = to_original(frame, {x * 50.0, y * 50.0, x * 50.0 + 50, y * 50.0 + 50});
        const uint8_t* rgb = &shown.rgb[static_cast<size_t>((y * 20 + x) * 3)];
        EXPECT_NEAR(rgb[0], (place.x0 + place.x1) / 2 / 639 * 255, 2);
        EXPECT_NEAR(rgb[1], (place.y0 + place.y1) / 2 / 479 * 255, 2);
      }
    }
}

TEST(Coordinates, BoxesThatOnlyTouchHaveNothingInCommon) {
  EXPECT_EQ(intersection({0, 0, 10, 10}, {10, 0, 20, 10}).area(), 0);
  expect_near(intersection({0, 0, 10, 10}, {5, -5, 20, 3}), {5, 0, 10, 3});
}

}  // namespace
}  // namespace nelumbo
