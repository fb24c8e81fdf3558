// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <gtest/gtest.h>

#include "kernels/kernel_table.h"
#include "tests/kernels/kernel_testing.h"

namespace nelumbo {
namespace {

bool has_avx2() {
  const Isa before = isa();
  const bool has = use_isa(Isa::kAvx2);
  use_isa(before);
  return has;
}

// The exponential alone: sigmoid is 1 / (1 + e), and silu_mul of (-x, 1 / -x) is sigmoid(-x).
TEST(FastAvx2, HasAnExponentialWithinAFewRoundings) {
  if (!has_avx2())
    GTEST_SKIP() << "this CPU has no AVX2";
  Floats x;
  for (double at = 1e-3; at < 87; at *= 1.0007)
    x.push_back(static_cast<float>(at));
  Floats gate(x.size());
  Floats up(x.size());
  for (size_t i = 0; i < x.size(); ++i) {
    gate[i] = -x[i];
    up[i] = 1;
  }
  Floats y(x.size());
  avx2_table().silu_mul(gate.data(), up.data(), std::ssize(x), y.data());
  for (size_t i = 0; i < x.size(); ++i) {
    const double expected = double{gate[i]} / (1 + std::exp(double{x[i]}));
    EXPECT_NEAR(y[i] / expected, 1, 4e-7) << x[i];
  }
}

TEST(FastAvx2, HasASoftmaxThatIgnoresWhatIsFarBelowTheLargest) {
  if (!has_avx2())
    GTEST_SKIP() << "this CPU has no AVX2";
  const Floats logits{0, -1e30F, -200, -std::numeric_limits<float>::infinity()};
  const int32_t target = 0;
  float logprob = 1;
  float entropy = 1;
  LogSoftmaxArgs args;
  args.logits = logits.data();
  args.targets = &target;
  args.v = 4;
  args.logprob = &logprob;
  args.entropy = &entropy;
  avx2_table().log_softmax(args, {0, 1});
  EXPECT_EQ(logprob, 0);
  EXPECT_EQ(entropy, 0);
}

TEST(FastAvx2, KeepsNanInActivations) {
  if (!has_avx2())
    GTEST_SKIP() << "this CPU has no AVX2";
  const Floats x(17, std::numeric_limits<float>::quiet_NaN());
  Floats y(x.size());
  avx2_table().gelu(x.data(), 17, y.data());
  for (const float value : y)
    EXPECT_TRUE(std::isnan(value));
}

}  // namespace
}  // namespace nelumbo
