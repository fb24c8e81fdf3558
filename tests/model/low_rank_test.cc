// SPDX-License-Identifier: Apache-2.0
#include "model/low_rank.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(LowRank, AddsTheScaledProductOfItsFactors) {
  Team team(2);
  const std::vector<float> a = {1, 2, 3, 0, 1, -1};  // [2, 3]
  const std::vector<float> b = {1, 0, 2, 1};         // [2, 2]
  const std::vector<float> base = {10, 20, 30, 40, 50, 60};
  std::vector<float> merged(6);
  merge_low_rank(team, {.out = 2, .in = 3, .rank = 2, .scale = 0.5F, .a = a, .b = b}, base.data(),
                 merged.data());
  EXPECT_EQ(merged, (std::vector<float>{10.5F, 21, 31.5F, 41, 52.5F, 62.5F}));
}

TEST(LowRank, GivesTheSameBitsOnAnyNumberOfThreads) {
  std::vector<float> a(5 * 70), b(130 * 5), base(130 * 70);
  for (size_t i = 0; i < base.size(); ++i)
    base[i] = std::sin(static_cast<float>(i));
  for (size_t i = 0; i < b.size(); ++i)
    b[i] = std::cos(static_cast<float>(3 * i));
  for (size_t i = 0; i < a.size(); ++i)
    a[i] = std::cos(static_cast<float>(7 * i));
  const LowRank change{.out = 130, .in = 70, .rank = 5, .scale = 0.3F, .a = a, .b = b};
  std::vector<float> one(base.size()), three(base.size());
  Team alone(1), together(3);
  merge_low_rank(alone, change, base.data(), one.data());
  merge_low_rank(together, change, base.data(), three.data());
  EXPECT_EQ(one, three);
}

}  // namespace
}  // namespace nelumbo
