// SPDX-License-Identifier: Apache-2.0
#include "model/rotary.h"

#include <cmath>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

DecoderConfig small() {
  DecoderConfig config;
  config.hidden_size = 32;
  config.heads = 4;
  config.rope_theta = 10000;
  return config;
}

TEST(RotaryFrequencies, FallFromOneByPowersOfTheta) {
  const std::vector<float> frequencies = rotary_frequencies(small());
  ASSERT_EQ(frequencies.size(), 4U);
  const double expected[] = {1, 0.1, 0.01, 0.001};
  for (size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(double{frequencies[i]}, expected[i], 1e-7 * expected[i]);
}

TEST(RotaryFrequencies, LinearScalingSlowsAllOfThem) {
  DecoderConfig config = small();
  config.rope_scaling = RopeScaling{.factor = 4};
  EXPECT_FLOAT_EQ(rotary_frequencies(config)[0], 0.25F);
  EXPECT_FLOAT_EQ(rotary_frequencies(config)[3], 0.00025F);
}

TEST(RotaryFrequencies, Llama3ScalingKeepsFastOnesAndSlowsSlowOnes) {
  DecoderConfig config = small();
  // Turns within 128 positions: 20.4, 2.04, 0.204, 0.0204; the second lies (2.037 - 1) / 3 between.
  config.rope_scaling = RopeScaling{RopeScaling::Kind::kLlama3, 8, 1, 4, 128};
  const std::vector<float> frequencies = rotary_frequencies(config);
  EXPECT_FLOAT_EQ(frequencies[0], 1);
  EXPECT_NEAR(frequencies[1], 0.1 * (0.654280 / 8 + 0.345720), 1e-6);
  EXPECT_FLOAT_EQ(frequencies[2], 0.01F / 8);
  EXPECT_FLOAT_EQ(frequencies[3], 0.001F / 8);
}

TEST(RotaryFrequencies, ServeHeadsOfTheirOwnSize) {
  DecoderConfig config = small();
  config.head_dim = 16;
  EXPECT_EQ(rotary_frequencies(config).size(), 8U);
}

TEST(Rotary, FollowsOneAxisUnlessThePairsAreSharedOut) {
  DecoderConfig config = small();
  const Rotary plain = decoder_rotary(config);
  EXPECT_EQ(plain.frequencies, rotary_frequencies(config));
  EXPECT_TRUE(plain.axes.empty());
  EXPECT_EQ(plain.axis_count, 1);
  config.rope_sections = {1, 1, 2};
  const Rotary shared = decoder_rotary(config);
  EXPECT_EQ(shared.frequencies, plain.frequencies);
  EXPECT_EQ(shared.axes, (std::vector<uint8_t>{0, 1, 2, 2}));
  EXPECT_EQ(shared.axis_count, 3);
}

}  // namespace
}  // namespace nelumbo
