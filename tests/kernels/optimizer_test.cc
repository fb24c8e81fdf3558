// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/kernels/kernel_testing.h"

namespace nelumbo {
namespace {

TEST(AdamWStep, MatchesNumbersWorkedByHand) {
  on_each_isa([] {
    Team team(1);
    AdamW options;
    options.lr = 0.1F;
    options.beta1 = 0.9F;
    options.beta2 = 0.99F;
    options.eps = 0;
    options.decay = 0.5F;
    options.gradient_scale = 2;
    const Floats gradient{1};
    Floats w{1};
    Floats m{0};
    Floats v{0};
    // g = 2, m = 0.2, v = 0.04; both unbiased: 2 / sqrt(4) = 1; w = 1 - 0.1 (1 + 0.5)
    adamw(team, options, gradient.data(), 1, w.data(), m.data(), v.data());
    EXPECT_NEAR(m[0], 0.2, 1e-7);
    EXPECT_NEAR(v[0], 0.04, 1e-7);
    EXPECT_NEAR(w[0], 0.85, 1e-6);
    // g = 0: m = 0.18, v = 0.0396; 0.18/0.19 / sqrt(0.0396/0.0199) = 0.671572
    options.step = 2;
    options.gradient_scale = 0;
    adamw(team, options, gradient.data(), 1, w.data(), m.data(), v.data());
    EXPECT_NEAR(m[0], 0.18, 1e-7);
    EXPECT_NEAR(v[0], 0.0396, 1e-7);
    EXPECT_NEAR(w[0], 0.85 - 0.1 * (0.671572 + 0.5 * 0.85), 1e-6);
  });
}

TEST(AdamWStep, LeavesWeightsAloneAtZeroLearningRate) {
  on_each_isa([] {
    Team team(2);
    const Floats gradient = random_floats(50001, 1);
    const Floats before = random_floats(50001, 2);
    Floats w = before;
    Floats m(w.size());
    Floats v(w.size());
    AdamW options;
    options.decay = 0.1F;
    adamw(team, options, gradient.data(), std::ssize(w), w.data(), m.data(), v.data());
    EXPECT_TRUE(same_bits(w, before));
  });
}

struct State {
  Floats w, m, v;
};

State steps(int threads, int64_t size) {
  Team team(threads);
  State s{random_floats(size, 3), Floats(static_cast<size_t>(size)),
          Floats(static_cast<size_t>(size))};
  AdamW options;
  options.lr = 1e-2F;
  options.decay = 0.01F;
  for (int64_t step = 1; step <= 5; ++step) {
    options.step = step;
    const Floats gradient = random_floats(size, 10 + static_cast<uint64_t>(step));
    adamw(team, options, gradient.data(), size, s.w.data(), s.m.data(), s.v.data());
  }
  return s;
}

TEST(AdamWStep, AgreesWithTheReferenceForAnySizeAndNumberOfThreads) {
  for (const int64_t size : {1, 15, 16, 17, 40003}) {
    const State expected = on_isa(Isa::kReference, [&] { return steps(1, size); });
    on_each_isa([&] {
      const State s = steps(1, size);
      EXPECT_LE(difference(s.w, expected.w), 1e-6);
      EXPECT_LE(difference(s.m, expected.m), 1e-6);
      EXPECT_LE(difference(s.v, expected.v), 1e-6);
      EXPECT_TRUE(same_bits(steps(3, size).w, s.w));
    });
  }
}

TEST(SumOfSquares, IsExactOnWholeNumbersAndTheSameForAnyNumberOfThreads) {
  on_each_isa([] {
    Team one(1);
    Team three(3);
    EXPECT_EQ(sum_of_squares(one, nullptr, 0), 0);
    const Floats whole(33, 3.0F);
    EXPECT_EQ(sum_of_squares(one, whole.data(), 33), 297);
    const Floats x = random_floats(100001, 4);
    double expected = 0;
    for (const float value : x)
      expected += double{value} * value;
    const double sum = sum_of_squares(one, x.data(), std::ssize(x));
    EXPECT_NEAR(sum, expected, 1e-9 * expected);
    EXPECT_EQ(sum, sum_of_squares(three, x.data(), std::ssize(x)));
  });
}

}  // namespace
}  // namespace nelumbo
