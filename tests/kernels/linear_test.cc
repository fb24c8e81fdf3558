// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/kernels/kernel_testing.h"

namespace nelumbo {
namespace {

struct Shape {
  int64_t m, n, k;
};

// By the formula, each element an fma chain over k.
Floats naive_linear(const Floats& x, const Floats& w_NK, const Floats& bias, Shape s) {
  Floats y(static_cast<size_t>(s.m * s.n));
  for (int64_t i = 0; i < s.m; ++i) {
    for (int64_t j = 0; j < s.n; ++j) {
      float sum = 0;
      for (int64_t f = 0; f < s.k; ++f)
        sum = std::fma(x[static_cast<size_t>(i * s.k + f)], w_NK[static_cast<size_t>(j * s.k + f)],
                       sum);
      y[static_cast<size_t>(i * s.n + j)] = bias.empty() ? sum : sum + bias[static_cast<size_t>(j)];
    }
  }
  return y;
}

TEST(Linear, IsTheFmaChainOverInputsInEveryPath) {
  on_each_isa([] {
    Team team(2);
    for (const Shape s : {Shape{0, 5, 3}, Shape{1, 1, 1}, Shape{3, 17, 5}, Shape{7, 63, 33},
                          Shape{13, 64, 96}, Shape{25, 65, 40}, Shape{11, 112, 7},
                          Shape{29, 200, 31}, Shape{200, 96, 96}, Shape{4, 5, 0}}) {
      const Floats x = random_floats(s.m * s.k, 1);
      const Floats w_NK = random_floats(s.n * s.k, 2);
      const Floats bias = random_floats(s.n, 3);
      PackedMatrix w;
      pack(w_NK.data(), s.n, s.k, w);
      EXPECT_TRUE(same_bits(product(team, x, s.m, w, {}), naive_linear(x, w_NK, {}, s)))
          << s.m << " " << s.n << " " << s.k;
      EXPECT_TRUE(same_bits(product(team, x, s.m, w, bias), naive_linear(x, w_NK, bias, s)))
          << s.m << " " << s.n << " " << s.k;
    }
  });
}

TEST(Linear, GivesARowTheSameBitsWhateverStandsBesideItAndHoweverManyThreads) {
  on_each_isa([] {
    const int64_t n = 200;
    const int64_t k = 97;
    const Floats x = random_floats(64 * k, 4);
    const Floats w_NK = random_floats(n * k, 5);
    PackedMatrix w;
    pack(w_NK.data(), n, k, w);
    Team alone(1);
    const Floats row = product(alone, x, 1, w, {});
    for (const int threads : {1, 2, 3}) {
      Team team(threads);
      for (const int64_t m : {1, 2, 3, 8, 17, 64}) {
        const Floats y = product(team, x, m, w, {});
        EXPECT_TRUE(same_bits({y.data(), row.size()}, row)) << m << " rows, " << threads;
      }
    }
  });
}

TEST(Linear, ReadsRowsAtAnyAlignment) {
  on_each_isa([] {
    Team team(1);
    const Shape s{9, 70, 21};
    const Floats x = random_floats(s.m * s.k, 6);
    const Floats w_NK = random_floats(s.n * s.k, 7);
    PackedMatrix w;
    pack(w_NK.data(), s.n, s.k, w);
    const Floats expected = product(team, x, s.m, w, {});
    for (const size_t offset : {1U, 3U, 7U}) {
      Floats shifted(offset);
      shifted.insert(shifted.end(), x.begin(), x.end());
      Floats y(expected.size() + offset, -7.0F);
      linear(team, shifted.data() + offset, s.m, w, nullptr, y.data() + offset);
      EXPECT_TRUE(same_bits({y.data() + offset, expected.size()}, expected));
      EXPECT_EQ(y[offset - 1], -7.0F);
    }
  });
}

TEST(Linear, WritesNothingPastTheLastColumn) {
  on_each_isa([] {
    Team team(1);
    const int64_t n = 35;
    const Floats x = random_floats(6 * 8, 8);
    const Floats w_NK = random_floats(n * 8, 9);
    PackedMatrix w;
    pack(w_NK.data(), n, 8, w);
    Floats y(static_cast<size_t>(6 * n + 64), 3.0F);
    linear(team, x.data(), 6, w, nullptr, y.data());
    for (size_t i = 6 * n; i < y.size(); ++i)
      EXPECT_EQ(y[i], 3.0F);
  });
}

TEST(Linear, OfTheTransposedWeightIsTheGradientOfItsInput) {
  on_each_isa([] {
    Team team(2);
    const Shape s{10, 70, 45};
    const Floats dy = random_floats(s.m * s.n, 10);
    const Floats w_NK = random_floats(s.n * s.k, 11);
    Floats w_KN(w_NK.size());
    for (int64_t j = 0; j < s.n; ++j) {
      for (int64_t f = 0; f < s.k; ++f)
        w_KN[static_cast<size_t>(f * s.n + j)] = w_NK[static_cast<size_t>(j * s.k + f)];
    }
    PackedMatrix w;
    pack_transposed(w_NK.data(), s.n, s.k, w);
    EXPECT_TRUE(
        same_bits(product(team, dy, s.m, w, {}), naive_linear(dy, w_KN, {}, {s.m, s.k, s.n})));
  });
}

struct Gradient {
  Floats dw, dbias;
};

Gradient gradient_of(int threads, const Floats& dy, const Floats& x, Shape s) {
  Team team(threads);
  Gradient g{random_floats(s.n * s.k, 20), random_floats(s.n, 21)};
  linear_weight_gradient(team, dy.data(), x.data(), s.m, s.n, s.k, g.dw.data(), g.dbias.data());
  return g;
}

TEST(LinearWeightGradient, AddsTheOuterProductsOfTheRows) {
  for (const Shape s : {Shape{0, 3, 5}, Shape{1, 1, 1}, Shape{5, 7, 9}, Shape{95, 13, 64},
                        Shape{97, 70, 65}, Shape{300, 96, 100}, Shape{200, 50, 128}}) {
    const Floats dy = random_floats(s.m * s.n, 12);
    const Floats x = random_floats(s.m * s.k, 13);
    const Gradient expected = on_isa(Isa::kReference, [&] { return gradient_of(1, dy, x, s); });
    on_each_isa([&] {
      const Gradient g = gradient_of(2, dy, x, s);
      EXPECT_LE(difference(g.dw, expected.dw), 2e-6) << s.m << " " << s.n << " " << s.k;
      EXPECT_LE(difference(g.dbias, expected.dbias), 2e-6) << s.m << " " << s.n << " " << s.k;
    });
  }
}

TEST(LinearWeightGradient, HasTheSameBitsForAnyNumberOfThreads) {
  on_each_isa([] {
    const Shape s{211, 96, 100};
    const Floats dy = random_floats(s.m * s.n, 14);
    const Floats x = random_floats(s.m * s.k, 15);
    const Gradient expected = gradient_of(1, dy, x, s);
    for (const int threads : {2, 3}) {
      const Gradient g = gradient_of(threads, dy, x, s);
      EXPECT_TRUE(same_bits(g.dw, expected.dw));
      EXPECT_TRUE(same_bits(g.dbias, expected.dbias));
    }
  });
}

TEST(LinearWeightGradient, WorksWithoutABias) {
  on_each_isa([] {
    Team team(1);
    const Floats dy{1, 2};
    const Floats x{3, 4, 5};
    Floats dw{0, 0, 0, 0, 0, 100};
    linear_weight_gradient(team, dy.data(), x.data(), 1, 2, 3, dw.data(), nullptr);
    EXPECT_EQ(dw, (Floats{3, 4, 5, 6, 8, 110}));
  });
}

}  // namespace
}  // namespace nelumbo
