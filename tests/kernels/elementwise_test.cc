// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/kernels/kernel_testing.h"

namespace nelumbo {
namespace {

constexpr int64_t kSizes[] = {0, 1, 15, 16, 17, 33, 1000, 70001};

double gelu_of(double x) {
  return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
}

double exact_gelu_of(double x) {
  return 0.5 * x * std::erfc(-x / std::sqrt(2.0));
}

double silu_of(double x) {
  return x / (1 + std::exp(-x));
}

template <class F>
double slope(const F& f, double x) {
  return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5;
}

TEST(Gelu, FollowsItsFormula) {
  on_each_isa([] {
    Team team(2);
    for (const int64_t size : kSizes) {
      const Floats x = random_floats(size, 1, 3);
      Floats y(x.size());
      gelu(team, x.data(), size, y.data());
      for (size_t i = 0; i < x.size(); ++i)
        ASSERT_NEAR(y[i], gelu_of(x[i]), 1e-6 + 4e-7 * std::abs(x[i])) << x[i];
    }
  });
}

TEST(Gelu, IsTheIdentityOrZeroFarOut) {
  on_each_isa([] {
    Team team(1);
    const Floats x{-50, -1000, 50, 1000, 0};
    Floats y(x.size());
    gelu(team, x.data(), 5, y.data());
    EXPECT_NEAR(y[0], 0, 1e-30);
    EXPECT_NEAR(y[1], 0, 1e-30);
    EXPECT_EQ(y[2], 50);
    EXPECT_EQ(y[3], 1000);
    EXPECT_EQ(y[4], 0);
  });
}

TEST(Gelu, PassesGradientsByItsSlope) {
  on_each_isa([] {
    Team team(2);
    for (const int64_t size : kSizes) {
      const Floats x = random_floats(size, 2, 2);
      const Floats dy = random_floats(size, 3);
      Floats dx(x.size());
      gelu_backward(team, dy.data(), x.data(), size, dx.data());
      for (size_t i = 0; i < x.size(); ++i)
        ASSERT_NEAR(dx[i], dy[i] * slope(gelu_of, x[i]), 5e-6) << x[i];
    }
  });
}

TEST(ExactGelu, FollowsItsFormula) {
  on_each_isa([] {
    Team team(2);
    for (const int64_t size : kSizes) {
      const Floats x = random_floats(size, 1, 3);
      Floats y(x.size());
      exact_gelu(team, x.data(), size, y.data());
      for (size_t i = 0; i < x.size(); ++i)
        ASSERT_NEAR(y[i], exact_gelu_of(x[i]), 1e-5 * std::abs(exact_gelu_of(x[i]))) << x[i];
    }
  });
}

TEST(ExactGelu, IsTheIdentityOrZeroFarOut) {
  on_each_isa([] {
    Team team(1);
    const Floats x{-50, -1000, 50, 1000, 0};
    Floats y(x.size());
    exact_gelu(team, x.data(), 5, y.data());
    EXPECT_NEAR(y[0], 0, 1e-30);
    EXPECT_NEAR(y[1], 0, 1e-30);
    EXPECT_EQ(y[2], 50);
    EXPECT_EQ(y[3], 1000);
    EXPECT_EQ(y[4], 0);
  });
}

TEST(ExactGelu, PassesGradientsByItsSlope) {
  on_each_isa([] {
    Team team(2);
    for (const int64_t size : kSizes) {
      const Floats x = random_floats(size, 2, 2);
      const Floats dy = random_floats(size, 3);
      Floats dx(x.size());
      exact_gelu_backward(team, dy.data(), x.data(), size, dx.data());
      for (size_t i = 0; i < x.size(); ++i)
        ASSERT_NEAR(dx[i], dy[i] * slope(exact_gelu_of, x[i]), 5e-6) << x[i];
    }
  });
}

TEST(SiluMul, FollowsItsFormula) {
  on_each_isa([] {
    Team team(2);
    for (const int64_t size : kSizes) {
      const Floats gate = random_floats(size, 4, 4);
      const Floats up = random_floats(size, 5);
      Floats y(gate.size());
      silu_mul(team, gate.data(), up.data(), size, y.data());
      for (size_t i = 0; i < y.size(); ++i)
        ASSERT_NEAR(y[i], silu_of(gate[i]) * up[i], 1e-6 + 4e-7 * std::abs(gate[i] * up[i]));
    }
  });
}

TEST(SiluMul, PassesGradientsToGateAndUp) {
  on_each_isa([] {
    Team team(2);
    for (const int64_t size : kSizes) {
      const Floats gate = random_floats(size, 6, 2);
      const Floats up = random_floats(size, 7);
      const Floats dy = random_floats(size, 8);
      Floats dgate(gate.size());
      Floats dup(gate.size());
      silu_mul_backward(team, dy.data(), gate.data(), up.data(), size, dgate.data(), dup.data());
      for (size_t i = 0; i < gate.size(); ++i) {
        ASSERT_NEAR(dgate[i], double{dy[i]} * up[i] * slope(silu_of, gate[i]), 2e-5);
        ASSERT_NEAR(dup[i], dy[i] * silu_of(gate[i]), 2e-5);
      }
    }
  });
}

TEST(Add, AddsAlsoInPlace) {
  on_each_isa([] {
    Team team(2);
    for (const int64_t size : kSizes) {
      Floats a = random_floats(size, 9);
      const Floats b = random_floats(size, 10);
      Floats y(a.size());
      add(team, a.data(), b.data(), size, y.data());
      for (size_t i = 0; i < a.size(); ++i)
        ASSERT_EQ(y[i], a[i] + b[i]);
      add(team, a.data(), b.data(), size, a.data());
      EXPECT_EQ(a, y);
    }
  });
}

TEST(Elementwise, HasTheSameBitsAtAnyPlaceInAnArray) {
  on_each_isa([] {
    Team team(3);
    Floats x(40000, 0.7312F);
    Floats y(x.size());
    Floats z(x.size());
    Floats e(x.size());
    gelu(team, x.data(), std::ssize(x), y.data());
    exact_gelu(team, x.data(), std::ssize(x), e.data());
    silu_mul(team, x.data(), x.data(), std::ssize(x), z.data());
    EXPECT_EQ(y, Floats(y.size(), y[0]));
    EXPECT_EQ(e, Floats(e.size(), e[0]));
    EXPECT_EQ(z, Floats(z.size(), z[0]));
  });
}

}  // namespace
}  // namespace nelumbo
