// SPDX-License-Identifier: Apache-2.0
//
// Products of int8 in every path that this CPU has: the bits of the formula, for any neighbours and
// any number of threads.
#include "kernels/int8_impl.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "kernels/packed_rows.h"
#include "tests/kernels/kernel_testing.h"

namespace nelumbo {
namespace {

struct Shape {
  int64_t m, n, k;
};

constexpr Shape kShapes[] = {{0, 5, 3},     {1, 1, 1},      {3, 17, 5},      {7, 63, 33},
                             {13, 64, 96},  {16, 32, 64},   {17, 65, 65},    {33, 112, 7},
                             {29, 200, 31}, {150, 96, 130}, {300, 70, 1000}, {4, 5, 0}};

PackedMatrix packed(const Floats& w_NK, int64_t n, int64_t k) {
  PackedMatrix w = unpacked(0, 0, Precision::kInt8);
  pack(w_NK.data(), n, k, w);
  return w;
}

struct Quantised {
  std::vector<int64_t> values;
  float scale = 0;
};

Quantised quantised(const float* x, int64_t k) {
  float most = 0;
  for (int64_t i = 0; i < k; ++i)
    most = std::max(most, std::abs(x[i]));
  Quantised out{{}, most / 127.0F};
  for (int64_t i = 0; i < k; ++i)
    out.values.push_back(most == 0 ? 0 : std::lrint(x[i] * (127.0F / most)));
  return out;
}

/// By the formula, in whole numbers of 64 bits.
Floats naive(const Floats& x, const Floats& w_NK, const Floats& bias, Shape s) {
  Floats y;
  for (int64_t i = 0; i < s.m; ++i) {
    const Quantised row = quantised(x.data() + i * s.k, s.k);
    for (int64_t j = 0; j < s.n; ++j) {
      const Quantised output = quantised(w_NK.data() + j * s.k, s.k);
      int64_t sum = 0;
      for (size_t f = 0; f < static_cast<size_t>(s.k); ++f)
        sum += row.values[f] * output.values[f];
      const float value = static_cast<float>(sum) * (row.scale * output.scale);
      y.push_back(bias.empty() ? value : value + bias[static_cast<size_t>(j)]);
    }
  }
  return y;
}

TEST(Int8, LinearHasTheBitsOfTheFormulaInEveryPath) {
  for (const Shape s : kShapes) {
    const Floats x = random_floats(s.m * s.k, 1), w_NK = random_floats(s.n * s.k, 2);
    const Floats bias = random_floats(s.n, 3);
    const Floats plain = naive(x, w_NK, {}, s), raised = naive(x, w_NK, bias, s);
    on_each_isa([&] {
      Team team(2);
      const PackedMatrix w = packed(w_NK, s.n, s.k);
      EXPECT_TRUE(same_bits(product(team, x, s.m, w, {}), plain))
          << s.m << " " << s.n << " " << s.k;
      EXPECT_TRUE(same_bits(product(team, x, s.m, w, bias), raised))
          << s.m << " " << s.n << " " << s.k;
    });
  }
}

TEST(Int8, LinearIsCloseToTheProductOfWhatWasRounded) {
  const Shape s{40, 200, 576};
  const Floats x = random_floats(s.m * s.k, 4), w_NK = random_floats(s.n * s.k, 5);
  PackedMatrix exact;
  pack(w_NK.data(), s.n, s.k, exact);
  Team team(1);
  const Floats expected = product(team, x, s.m, exact, {});
  const Floats y = product(team, x, s.m, packed(w_NK, s.n, s.k), {});
  double error = 0, size = 0;
  for (size_t i = 0; i < y.size(); ++i) {
    error += std::pow(y[i] - expected[i], 2);
    size += std::pow(expected[i], 2);
  }
  // Two factors, each off by at most half of 1/127 of the largest of its row, about 3.3 deviations:
  // sqrt(2 / 12) 3.3 / 127 = 0.0106 in the mean.
  EXPECT_LT(std::sqrt(error / size), 0.015);
  EXPECT_GT(std::sqrt(error / size), 0.005);
}

TEST(Int8, LinearGivesARowTheSameBitsWhateverStandsBesideItAndHoweverManyThreads) {
  on_each_isa([] {
    const int64_t n = 200, k = 197;
    const Floats x = random_floats(300 * k, 6);
    const PackedMatrix w = packed(random_floats(n * k, 7), n, k);
    expect_rows_independent(w, x);
  });
}

TEST(Int8, LinearReachesTheEndsOfItsRange) {
  // All inputs and weights at the ends, so that sums are as large as they can be.
  const Shape s{2, 3, 65536};
  Floats x(static_cast<size_t>(s.m * s.k), 1.0F), w_NK(static_cast<size_t>(s.n * s.k), -2.0F);
  std::fill_n(x.begin(), s.k, -1.0F);
  const Floats expected = naive(x, w_NK, {}, s);
  on_each_isa([&] {
    Team team(1);
    EXPECT_TRUE(same_bits(product(team, x, s.m, packed(w_NK, s.n, s.k), {}), expected));
  });
}

TEST(Int8, LinearWritesNothingPastTheLastColumn) {
  on_each_isa([] {
    Team team(1);
    const int64_t n = 35;
    const Floats x = random_floats(6 * 8, 8);
    const PackedMatrix w = packed(random_floats(n * 8, 9), n, 8);
    Floats y(static_cast<size_t>(6 * n + 64), 3.0F);
    linear(team, x.data(), 6, w, nullptr, y.data());
    for (size_t i = 6 * n; i < y.size(); ++i)
      EXPECT_EQ(y[i], 3.0F);
  });
}

TEST(Int8, LinearPassesOnWhatIsNotFinite) {
  on_each_isa([] {
    Team team(1);
    Floats x(96, 1.0F);
    x[5] = std::numeric_limits<float>::quiet_NaN();
    x[32 + 7] = -std::numeric_limits<float>::infinity();
    Floats w_NK(32 * 3, 1.0F);
    const Floats y = product(team, x, 3, packed(w_NK, 3, 32), {});
    for (int i = 0; i < 6; ++i)
      EXPECT_TRUE(std::isnan(y[static_cast<size_t>(i)])) << i;
    for (size_t i = 6; i < 9; ++i)
      EXPECT_FLOAT_EQ(y[i], 32);
    w_NK[40] = std::numeric_limits<float>::quiet_NaN();
    const Floats damaged = product(team, x, 3, packed(w_NK, 3, 32), {});
    EXPECT_TRUE(std::isnan(damaged[7]));
    EXPECT_FALSE(std::isnan(damaged[8]));
  });
}

TEST(Int8, RowsOfZerosAndOfNextToNothingAreZero) {
  on_each_isa([] {
    Team team(1);
    Floats x(64, 0.0F);
    std::fill_n(x.begin() + 32, 32, 1e-38F);
    for (const float value : product(team, x, 2, packed(Floats(32 * 3, 1.0F), 3, 32), {}))
      EXPECT_EQ(value, 0);
  });
}

TEST(Int8, PackedRowsComeBackRounded) {
  for (const int64_t k : {1, 63, 64, 97}) {
    const int64_t n = 130;
    const Floats w_NK = random_floats(n * k, 10);
    const PackedMatrix w = packed(w_NK, n, k);
    Floats row(static_cast<size_t>(k));
    for (const int64_t at : {0, 63, 64, 129}) {
      unpack_row(w, at, row.data());
      const Quantised expected = quantised(w_NK.data() + at * k, k);
      for (size_t i = 0; i < row.size(); ++i)
        EXPECT_EQ(row[i], static_cast<float>(expected.values[i]) * expected.scale);
    }
  }
}

TEST(Int8DeathTest, HasNoGradient) {
  Team team(1);
  Floats x(4, 1.0F), dw(4);
  EXPECT_EXIT(linear_weight_gradient(team, x.data(), x.data(), 2, 2, 2, dw.data(), nullptr,
                                     Precision::kInt8),
              testing::ExitedWithCode(70), "int8 weights have no gradient");
  PackedMatrix w = unpacked(0, 0, Precision::kInt8);
  EXPECT_EXIT(pack_transposed(x.data(), 2, 2, w), testing::ExitedWithCode(70), "no gradient");
}

TEST(Int8DeathTest, RefusesMoreInputsThanItsSumsTake) {
  EXPECT_EXIT(unpacked(1, 65537, Precision::kInt8), testing::ExitedWithCode(70), "65537 inputs");
}

}  // namespace
}  // namespace nelumbo
