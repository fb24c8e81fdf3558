// SPDX-License-Identifier: Apache-2.0
//
// Products of int8 in every path that this CPU has: the bits of the formula, for any neighbours and
// any number of threads.
#include "kernels/int8_impl.h"

#include <cmath>
#include <limits>
#include <numeric>

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

struct Group {
  std::vector<int64_t> values;
  float scale = 0;
};

/// The least bf16 that is not below x.
float bf16_not_below(float x) {
  const uint16_t nearest = to_bf16(x);
  return from_bf16(from_bf16(nearest) < x ? static_cast<uint16_t>(nearest + 1) : nearest);
}

/// Each 64 inputs of a row.
std::vector<Group> quantised(const float* x, int64_t k) {
  std::vector<Group> groups;
  for (int64_t i = 0; i < k; ++i) {
    if (i % 64 == 0) {
      float most = 0;
      for (int64_t j = i; j < std::min(i + 64, k); ++j)
        most = std::max(most, std::abs(x[j]));
      groups.push_back({{}, bf16_not_below(most / 127.0F)});
    }
    Group& group = groups.back();
    group.values.push_back(group.scale == 0 ? 0 : std::lrint(x[i] * (1.0F / group.scale)));
  }
  return groups;
}

/// By the formula, in whole numbers of 64 bits.
Floats naive(const Floats& x, const Floats& w_NK, const Floats& bias, Shape s) {
  Floats y;
  std::vector<std::vector<Group>> outputs;
  for (int64_t j = 0; j < s.n; ++j)
    outputs.push_back(quantised(w_NK.data() + j * s.k, s.k));
  for (int64_t i = 0; i < s.m; ++i) {
    const std::vector<Group> row = quantised(x.data() + i * s.k, s.k);
    for (size_t j = 0; j < outputs.size(); ++j) {
      float value = 0;
      for (size_t g = 0; g < row.size(); ++g) {
        const Group &a = row[g], &b = outputs[j][g];
        const int64_t sum =
            std::inner_product(a.values.begin(), a.values.end(), b.values.begin(), int64_t{0});
        value = std::fma(static_cast<float>(sum), a.scale * b.scale, value);
      }
      y.push_back(bias.empty() ? value : value + bias[j]);
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
  // Two factors, each off by at most half of 1/127 of the largest of its group, about 2.5
  // deviations: sqrt(2 / 12) 2.5 / 127 = 0.008 in the mean.
  EXPECT_LT(std::sqrt(error / size), 0.01);
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

TEST(Int8, OneLargeInputMakesItsOwnGroupCoarseAlone) {
  Team team(1);
  Floats x(192, 0.01F);
  x[70] = 1000;
  Floats w_NK(192, 1.0F);
  w_NK[70] = 0;
  // In its group, what is small beside it is lost: 128 of 191 inputs are left.
  EXPECT_NEAR(product(team, x, 1, packed(w_NK, 1, 192), {})[0], 1.28F, 0.01F);
}

TEST(Int8, LinearReachesTheEndsOfItsRange) {
  // All inputs and weights at the ends, so that sums are as large as they can be.
  const Shape s{2, 3, 70000};
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
      EXPECT_NEAR(y[i], 32, 0.1);
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
      const std::vector<Group> expected = quantised(w_NK.data() + at * k, k);
      for (size_t i = 0; i < row.size(); ++i) {
        const Group& group = expected[i / 64];
        EXPECT_EQ(row[i], static_cast<float>(group.values[i % 64]) * group.scale);
      }
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

}  // namespace
}  // namespace nelumbo
