// SPDX-License-Identifier: Apache-2.0
#include "learner/adapter.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace nelumbo {
namespace {

std::vector<float> noise(int64_t size, uint64_t seed) {
  Random random(seed, Purpose::kData);
  std::vector<float> values(static_cast<size_t>(size));
  for (float& value : values)
    value = static_cast<float>(random.normal());
  return values;
}

constexpr int64_t kRows = 9, kOut = 7, kIn = 11, kRank = 3;

TEST(Adapter, BeginsWithoutAChange) {
  Team team(2);
  const std::vector<float> base = noise(kOut * kIn, 1);
  const Adapter adapter = make_adapter(base, kOut, kRank, 2, 5, 0);
  std::vector<float> merged(base.size());
  merge_low_rank(team, adapter.change(), base.data(), merged.data());
  EXPECT_EQ(merged, base);
  EXPECT_TRUE(std::ranges::all_of(adapter.b, [](float x) { return x == 0; }));
}

TEST(Adapter, DrawsItsFirstFactorEvenlyAndByItsKey) {
  const Adapter one = make_adapter(std::vector<float>(64 * 100), 64, 32, 1, 5, 0);
  const float bound = 0.1F;  // 1 / sqrt(100)
  double squares = 0;
  for (const float x : one.a) {
    EXPECT_LE(std::abs(x), bound);
    squares += double{x} * double{x};
  }
  EXPECT_NEAR(squares / static_cast<double>(one.a.size()), 0.01 / 3, 2e-4);
  EXPECT_EQ(one.a, make_adapter(one.base, 64, 32, 1, 5, 0).a);
  EXPECT_NE(one.a, make_adapter(one.base, 64, 32, 1, 6, 0).a);
  EXPECT_NE(one.a, make_adapter(one.base, 64, 32, 1, 5, 1).a);
}

TEST(Adapter, GathersTheProjectionsOfTheWeightsGradient) {
  Team team(2);
  Adapter adapter = make_adapter(noise(kOut * kIn, 1), kOut, kRank, 2.1F, 5, 0);
  adapter.b = noise(kOut * kRank, 2);
  adapter.changed();
  const std::vector<float> dy = noise(kRows * kOut, 3);
  const std::vector<float> x = noise(kRows * kIn, 4);
  add_adapter_gradient(team, dy.data(), x.data(), kRows, &adapter);
  add_adapter_gradient(team, dy.data(), x.data(), kRows, &adapter);  // adds
  const auto dw = [&](int64_t o, int64_t i) {
    double sum = 0;
    for (int64_t row = 0; row < kRows; ++row)
      sum += double{dy[static_cast<size_t>(row * kOut + o)]} *
             double{x[static_cast<size_t>(row * kIn + i)]};
    return 2 * 0.7 * sum;
  };
  for (int64_t r = 0; r < kRank; ++r)
    for (int64_t i = 0; i < kIn; ++i) {
      double expected = 0;
      for (int64_t o = 0; o < kOut; ++o)
        expected += double{adapter.b[static_cast<size_t>(o * kRank + r)]} * dw(o, i);
      EXPECT_NEAR(adapter.da[static_cast<size_t>(r * kIn + i)], expected, 1e-4);
    }
  for (int64_t o = 0; o < kOut; ++o)
    for (int64_t r = 0; r < kRank; ++r) {
      double expected = 0;
      for (int64_t i = 0; i < kIn; ++i)
        expected += double{adapter.a[static_cast<size_t>(r * kIn + i)]} * dw(o, i);
      EXPECT_NEAR(adapter.db[static_cast<size_t>(o * kRank + r)], expected, 1e-4);
    }
}

}  // namespace
}  // namespace nelumbo
