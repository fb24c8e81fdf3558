// SPDX-License-Identifier: Apache-2.0
//
// Products of bf16 in every path that this CPU has: against fp32 products of rounded factors, and
// the same bits for a row whatever stands beside it.
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

constexpr Shape kShapes[] = {{0, 5, 3},     {1, 1, 1},      {3, 17, 5},    {7, 63, 33},
                             {13, 64, 96},  {16, 32, 32},   {17, 65, 40},  {33, 112, 7},
                             {29, 200, 31}, {150, 96, 130}, {300, 70, 64}, {4, 5, 0}};

PackedMatrix packed(const Floats& w_NK, int64_t n, int64_t k) {
  PackedMatrix w = unpacked(0, 0, Precision::kBfloat16);
  pack(w_NK.data(), n, k, w);
  return w;
}

TEST(Bf16, LinearIsTheProductOfRoundedFactors) {
  for (const Shape s : kShapes) {
    const Floats x = random_floats(s.m * s.k, 1), w_NK = random_floats(s.n * s.k, 2);
    const Floats bias = random_floats(s.n, 3);
    Team team(2);
    PackedMatrix exact;
    pack(rounded_to_bf16(w_NK).data(), s.n, s.k, exact);
    const Floats expected = product(team, rounded_to_bf16(x), s.m, exact, bias);
    on_each_isa([&] {
      const Floats y = product(team, x, s.m, packed(w_NK, s.n, s.k), bias);
      EXPECT_LE(difference(y, expected), 2e-6) << s.m << " " << s.n << " " << s.k;
    });
  }
}

TEST(Bf16, LinearGivesARowTheSameBitsWhateverStandsBesideItAndHoweverManyThreads) {
  on_each_isa([] {
    const int64_t n = 200, k = 197;
    const Floats x = random_floats(300 * k, 4);
    const PackedMatrix w = packed(random_floats(n * k, 5), n, k);
    expect_rows_independent(w, x);
  });
}

TEST(Bf16, LinearWritesNothingPastTheLastColumn) {
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

TEST(Bf16, LinearPassesOnWhatIsNotFinite) {
  on_each_isa([] {
    Team team(1);
    Floats x(64, 1.0F);
    x[5] = std::numeric_limits<float>::quiet_NaN();
    x[32 + 7] = std::numeric_limits<float>::infinity();
    const Floats y = product(team, x, 2, packed(Floats(32 * 3, 1.0F), 3, 32), {});
    EXPECT_TRUE(std::isnan(y[0]));
    EXPECT_TRUE(std::isinf(y[3]));
  });
}

TEST(Bf16, PackedRowsComeBackRounded) {
  for (const int64_t k : {1, 31, 32, 97}) {
    const int64_t n = 130;
    const Floats w_NK = random_floats(n * k, 10), expected = rounded_to_bf16(w_NK);
    const PackedMatrix w = packed(w_NK, n, k);
    Floats row(static_cast<size_t>(k));
    for (const int64_t at : {0, 63, 64, 129}) {
      unpack_row(w, at, row.data());
      EXPECT_TRUE(same_bits(row, {expected.data() + at * k, row.size()}));
    }
  }
}

TEST(Bf16, TransposedIsPackedAsTheTransposeIs) {
  const int64_t n = 71, k = 67;
  const Floats w_NK = random_floats(n * k, 11);
  Floats w_KN(w_NK.size());
  for (int64_t j = 0; j < n; ++j)
    for (int64_t f = 0; f < k; ++f)
      w_KN[static_cast<size_t>(f * n + j)] = w_NK[static_cast<size_t>(j * k + f)];
  PackedMatrix transposed = unpacked(0, 0, Precision::kBfloat16);
  pack_transposed(w_NK.data(), n, k, transposed);
  const PackedMatrix expected = packed(w_KN, k, n);
  ASSERT_EQ(transposed.panels.size(), expected.panels.size());
  EXPECT_TRUE(std::equal(transposed.cells(), transposed.cells() + expected.panels.size(),
                         expected.cells()));
}

struct Gradient {
  Floats dw, dbias;
};

Gradient gradient_of(int threads, const Floats& dy, const Floats& x, Shape s,
                     Precision precision = Precision::kBfloat16) {
  Team team(threads);
  Gradient g{random_floats(s.n * s.k, 20), random_floats(s.n, 21)};
  linear_weight_gradient(team, dy.data(), x.data(), s.m, s.n, s.k, g.dw.data(), g.dbias.data(),
                         precision);
  return g;
}

TEST(Bf16, WeightGradientAddsTheOuterProductsOfRoundedRows) {
  for (const Shape s : kShapes) {
    const Floats dy = random_floats(s.m * s.n, 12), x = random_floats(s.m * s.k, 13);
    const Gradient expected = on_isa(Isa::kReference, [&] {
      return gradient_of(1, rounded_to_bf16(dy), rounded_to_bf16(x), s, Precision::kFloat32);
    });
    const Gradient unrounded = gradient_of(1, dy, x, s, Precision::kFloat32);
    on_each_isa([&] {
      const Gradient g = gradient_of(2, dy, x, s);
      EXPECT_LE(difference(g.dw, expected.dw), 2e-6) << s.m << " " << s.n << " " << s.k;
      EXPECT_LE(difference(g.dbias, unrounded.dbias), 2e-6) << s.m << " " << s.n << " " << s.k;
    });
  }
}

TEST(Bf16, WeightGradientHasTheSameBitsForAnyNumberOfThreads) {
  on_each_isa([] {
    const Shape s{1111, 96, 100};
    const Floats dy = random_floats(s.m * s.n, 14), x = random_floats(s.m * s.k, 15);
    const Gradient expected = gradient_of(1, dy, x, s);
    for (const int threads : {2, 3})
      EXPECT_TRUE(same_bits(gradient_of(threads, dy, x, s).dw, expected.dw));
  });
}

}  // namespace
}  // namespace nelumbo
