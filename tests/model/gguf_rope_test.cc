// SPDX-License-Identifier: Apache-2.0
#include "model/gguf_rope.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

RopeScaling llama3(double factor, double low, double high, int64_t original) {
  return {RopeScaling::Kind::kLlama3, factor, low, high, original};
}

TEST(GgufRope, DividesLongWavesByTheFactorAndShortOnesByOne) {
  const std::vector<float> divisors = llama3_divisors(llama3(8, 1, 4, 8192), 500000, 128);
  ASSERT_EQ(divisors.size(), 64U);
  EXPECT_EQ(divisors.front(), 1);
  EXPECT_EQ(divisors[28], 1);
  EXPECT_EQ(divisors.back(), 8);
  EXPECT_TRUE(std::is_sorted(divisors.begin(), divisors.end()));
}

TEST(GgufRope, HasTheValuesOfTheReferenceBetween) {
  // head size 16, from a file that the gguf package wrote
  const std::vector<float> divisors = llama3_divisors(llama3(8, 1, 4, 128), 500000, 16);
  EXPECT_FLOAT_EQ(divisors[0], 1);
  EXPECT_FLOAT_EQ(divisors[1], 1.0146304369F);
  EXPECT_FLOAT_EQ(divisors[2], 8);
}

TEST(GgufRope, TheParametersOfKnownModelsComeBack) {
  for (const RopeScaling& known :
       {llama3(8, 1, 4, 8192), llama3(32, 1, 4, 8192), llama3(8, 1, 4, 128)}) {
    const auto found = llama3_scaling(llama3_divisors(known, 500000, 128), 500000,
                                      static_cast<int64_t>(known.factor) * 16384);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->factor, known.factor);
    EXPECT_EQ(found->high, 4);
    EXPECT_EQ(found->original_positions, known.original_positions);
  }
}

TEST(GgufRope, UnusualParametersComeBackAsTheSameDivisors) {
  const std::vector<float> divisors = llama3_divisors(llama3(5, 2, 7, 3000), 10000, 64);
  const auto found = llama3_scaling(divisors, 10000, 100000);
  ASSERT_TRUE(found.has_value());
  const std::vector<float> again = llama3_divisors(*found, 10000, 64);
  for (size_t i = 0; i < divisors.size(); ++i)
    EXPECT_NEAR(again[i], divisors[i], 1e-3);
}

TEST(GgufRope, OtherDivisorsAreNotMistaken) {
  EXPECT_FALSE(llama3_scaling(std::vector<float>{1, 8, 1, 8}, 10000, 1000).has_value());
  EXPECT_FALSE(llama3_scaling(std::vector<float>{0, 8}, 10000, 1000).has_value());
  EXPECT_FALSE(llama3_scaling(std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8}, 10000, 99).has_value());
  EXPECT_FALSE(llama3_scaling({}, 10000, 1000).has_value());
}

}  // namespace
}  // namespace nelumbo
