// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "kernels/kernel_table.h"
#include "tests/kernels/kernel_testing.h"

namespace nelumbo {
namespace {

TEST(Reference, MultipliesNumbersWorkedByHand) {
  PackedMatrix w;
  pack(Floats{1, 2, 3, 4}.data(), 2, 2, w);
  const Floats x{5, 6};
  const Floats bias{0.5F, -0.5F};
  Floats y(2);
  reference_table().linear[0]({x.data(), &w, bias.data(), y.data()}, {0, 1}, {0, 1});
  EXPECT_EQ(y, (Floats{17.5F, 38.5F}));
}

TEST(Reference, NormalisesNumbersWorkedByHand) {
  const Floats x{3, 4};
  const Floats w{1, 2};
  const Floats b{10, 20};
  Floats y(2);
  NormArgs args{x.data(), w.data(), b.data(), 2, 0, y.data()};
  reference_table().rms_norm(args, {0, 1});  // sqrt(mean of 9 and 16) = 3.5355339
  EXPECT_NEAR(y[0], 0.8485281, 1e-6);
  EXPECT_NEAR(y[1], 2.2627417, 1e-6);
  reference_table().layer_norm(args, {0, 1});  // mean 3.5, deviation 0.5
  EXPECT_NEAR(y[0], 9, 1e-6);
  EXPECT_NEAR(y[1], 22, 1e-6);
}

TEST(Reference, ActivatesNumbersWorkedByHand) {
  const Floats x{0, 1, -2};
  Floats y(3);
  reference_table().gelu(x.data(), 3, y.data());
  EXPECT_NEAR(y[0], 0, 1e-7);
  EXPECT_NEAR(y[1], 0.841192, 1e-6);
  EXPECT_NEAR(y[2], -0.0454023, 1e-6);
  reference_table().silu_mul(x.data(), x.data(), 3, y.data());
  EXPECT_NEAR(y[1], 0.7310586, 1e-6);
  EXPECT_NEAR(y[2], 0.4768117, 1e-6);
}

TEST(Reference, TakesTheLogSoftmaxOfNumbersWorkedByHand) {
  // softmax of (0, ln 3) is (1/4, 3/4).
  const Floats logits{0, std::log(3.0F)};
  const int32_t target = 0;
  float logprob = 0;
  float entropy = 0;
  float lse = 0;
  reference_table().log_softmax({logits.data(), &target, 2, 1, &logprob, &entropy, &lse}, {0, 1});
  EXPECT_NEAR(logprob, std::log(0.25), 1e-6);
  EXPECT_NEAR(entropy, 0.5623351, 1e-6);
  EXPECT_NEAR(lse, std::log(4.0), 1e-6);
}

}  // namespace
}  // namespace nelumbo
