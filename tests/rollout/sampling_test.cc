// SPDX-License-Identifier: Apache-2.0
#include "rollout/sampling.h"

#include <array>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(DrawNumber, DependsOnEveryPartOfItsName) {
  const double u = draw_number(1, "val/a", 0, 0);
  EXPECT_EQ(u, draw_number(1, "val/a", 0, 0));
  EXPECT_NE(u, draw_number(2, "val/a", 0, 0));
  EXPECT_NE(u, draw_number(1, "val/b", 0, 0));
  EXPECT_NE(u, draw_number(1, "val/a", 1, 0));
  EXPECT_NE(u, draw_number(1, "val/a", 0, 1));
}

TEST(DrawNumber, IsUniform) {
  std::array<int, 10> counts{};
  for (int i = 0; i < 6000; ++i)
    ++counts[static_cast<size_t>(draw_number(9, "p", i / 100, i % 100) * 10)];
  for (const int count : counts)
    EXPECT_NEAR(count, 600, 120);  // five standard deviations
}

}  // namespace
}  // namespace nelumbo
