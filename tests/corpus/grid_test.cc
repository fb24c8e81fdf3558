// SPDX-License-Identifier: Apache-2.0
#include "corpus/grid.h"

#include <gtest/gtest.h>

#include "base/rng.h"

namespace nelumbo {
namespace {

TEST(Grid, ReadsTheLevelsOfABoxByHand) {
  // Centre 250 and 500 of 1000: levels 6 and 12 of 24. Size 1000 / 2^(2/9 * 4.5) = 500: the nearer
  // level is 18 or 19; size 1000 is the highest.
  const GridBox grid = grid_from_box({0, 0, 500, 1000});
  EXPECT_EQ(grid.levels[0], 6);
  EXPECT_EQ(grid.levels[1], 12);
  EXPECT_TRUE(grid.levels[2] == 18 || grid.levels[2] == 19);
  EXPECT_EQ(grid.levels[3], 23);
}

TEST(Grid, LevelsAreTheFixedPointsOfTheRoundTrip) {
  // Away from the edges, where nothing is cut off.
  for (int centre = 8; centre < 16; ++centre)
    for (int size = 0; size < 18; ++size) {
      const GridBox grid{{centre, 23 - centre, size, (size + 5) % 18}};
      EXPECT_EQ(grid_from_box(box_from_grid(grid)), grid) << grid_text(grid);
    }
}

TEST(Grid, CutsBoxesToThePicture) {
  const Box box = box_from_grid({{0, 23, 23, 23}});
  EXPECT_EQ(box.x0, 0);
  EXPECT_NEAR(box.x1, 500 + 1000.0 / 48, 1e-9);
  EXPECT_NEAR(box.y0, 500 - 1000.0 / 48, 1e-9);
  EXPECT_EQ(box.y1, 1000);
  EXPECT_EQ(grid_from_box({-900, -900, 100, 100}), grid_from_box({0, 0, 100, 100}));
}

TEST(Grid, EveryFormIsABoxWithArea) {
  for (int x = 0; x < kGridLevels; ++x)
    for (int size = 0; size < kGridLevels; ++size)
      EXPECT_GT(box_from_grid({{x, kGridLevels - 1 - x, size, 0}}).area(), 100);
}

/// The mean IoU of a round trip of boxes of one size at random places.
double mean_round_trip(double width, double height) {
  Random random(3, Purpose::kControl);
  double sum = 0;
  constexpr int kRounds = 500;
  for (int i = 0; i < kRounds; ++i) {
    const double w = width * (0.8 + 0.4 * random.uniform());
    const double h = height * (0.8 + 0.4 * random.uniform());
    const double x = random.uniform() * (1000 - w), y = random.uniform() * (1000 - h);
    const Box box{x, y, x + w, y + h};
    sum += iou(box, box_from_grid(grid_from_box(box)));
  }
  return sum / kRounds;
}

TEST(Grid, RoundTripsKeepMostOfACell) {
  EXPECT_GT(mean_round_trip(360, 416), 0.87);  // a white cell
  EXPECT_GT(mean_round_trip(165, 210), 0.78);  // a red cell
  EXPECT_GT(mean_round_trip(61, 81), 0.55);    // a platelet: as far as 24 centres go
}

TEST(Grid, WritesAndReadsItsTokens) {
  const GridBox grid{{0, 7, 12, 23}};
  EXPECT_EQ(grid_text(grid), "<g0><g7><g12><g23>");
  EXPECT_EQ(read_grid("<g0><g7><g12><g23>"), grid);
  EXPECT_EQ(read_grid(" <g0> <g7><g12> <g23> "), grid);
}

TEST(Grid, RefusesWhatIsNotFourLevels) {
  for (const char* text :
       {"", "<g0><g7><g12>", "<g0><g7><g12><g24>", "<g0><g7><g12><g-1>", "<g0><g7><g12><g2><g3>",
        "<g0><g7><g12><gx>", "<g0><g7><g12><g2", "g0 g1 g2 g3", "<g0><g7><g12><g99999999999>"})
    EXPECT_FALSE(read_grid(text)) << text;
}

}  // namespace
}  // namespace nelumbo
