// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/kernels/kernel_testing.h"

namespace nelumbo {
namespace {

Rotary turning(int64_t d) {
  Rotary rotary;
  for (int64_t i = 0; i < d / 2; ++i)
    rotary.frequencies.push_back(static_cast<float>(
        std::pow(10000.0, -2.0 * static_cast<double>(i) / static_cast<double>(d))));
  return rotary;
}

Floats rotated(Floats x, const std::vector<int32_t>& positions, int64_t heads, int64_t d,
               int direction) {
  Team team(2);
  rope(team, x.data(), positions.data(), std::ssize(positions), heads, turning(d), direction);
  return x;
}

TEST(Rope, TurnsPairsHalfAHeadApartByTheirAngle) {
  const std::vector<int32_t> positions{0, 1, 7, 300};
  for (const int64_t d : {2, 6, 24, 32, 70}) {
    const int64_t heads = 3;
    const Floats x = random_floats(std::ssize(positions) * heads * d, 1);
    on_each_isa([&] {
      const Floats y = rotated(x, positions, heads, d, 1);
      for (int64_t at = 0; at < std::ssize(y); ++at) {
        const int64_t f = at % d;
        const int64_t i = f % (d / 2);
        const double angle =
            positions[static_cast<size_t>(at / (heads * d))] *
            std::pow(10000.0, -2.0 * static_cast<double>(i) / static_cast<double>(d));
        const double partner = x[static_cast<size_t>(f < d / 2 ? at + d / 2 : at - d / 2)];
        const double expected = x[static_cast<size_t>(at)] * std::cos(angle) +
                                (f < d / 2 ? -partner : partner) * std::sin(angle);
        EXPECT_NEAR(y[static_cast<size_t>(at)], expected, 1e-4);
      }
    });
  }
}

TEST(Rope, BackwardTurnsBack) {
  const std::vector<int32_t> positions{3, 900, 2, 2};
  const Floats x = random_floats(4 * 2 * 24, 2);
  on_each_isa([&] {
    const Floats y = rotated(rotated(x, positions, 2, 24, 1), positions, 2, 24, -1);
    EXPECT_LE(difference(y, x), 1e-6);
  });
}

TEST(Rope, GivesARowTheSameBitsAloneAndAfterLongerSequences) {
  const Floats x = random_floats(2 * 24, 3);
  on_each_isa([&] {
    const Floats alone = rotated(x, {41}, 2, 24, 1);
    Floats batch = x;
    for (int64_t i = 0; i < 2000; ++i)
      batch.insert(batch.end(), x.begin(), x.end());
    std::vector<int32_t> positions(2001);
    for (size_t i = 0; i < positions.size(); ++i)
      positions[i] = 41 + static_cast<int32_t>(i);
    const Floats y = rotated(batch, positions, 2, 24, 1);
    EXPECT_TRUE(same_bits({y.data(), alone.size()}, alone));
  });
}

TEST(Rope, TurnsEachPairByThePositionOfItsAxis) {
  Team team(2);
  Rotary rotary = turning(8);
  rotary.axes = {0, 2, 1, 2};
  rotary.axis_count = 3;
  const Floats x = random_floats(2 * 3 * 8, 4);
  const std::vector<int32_t> positions{5, 6, 7, 40, 0, 12};
  on_each_isa([&] {
    Floats y = x;
    rope(team, y.data(), positions.data(), 2, 3, rotary, 1);
    for (int32_t axis = 0; axis < 3; ++axis) {
      const Floats one = rotated(x, {positions[axis], positions[3 + axis]}, 3, 8, 1);
      for (size_t at = 0; at < y.size(); ++at) {
        if (rotary.axes[at % 4] == axis)
          EXPECT_EQ(y[at], one[at]) << at;
      }
    }
  });
}

TEST(Rope, LeavesNoRowsAlone) {
  EXPECT_TRUE(rotated({}, {}, 2, 24, 1).empty());
}

TEST(RopeDeathTest, RefusesAHeadWithoutPairs) {
  EXPECT_EXIT(rotated(Floats(1), {0}, 1, 1, 1), testing::ExitedWithCode(70), "frequency");
}

}  // namespace
}  // namespace nelumbo
