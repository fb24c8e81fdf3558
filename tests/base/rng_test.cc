// SPDX-License-Identifier: Apache-2.0
#include "base/rng.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using Block = std::array<uint32_t, 4>;

TEST(Philox, GivesThePublishedKnownAnswers) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, DrawsTheSameForTheSameName) {
  Random first(7, Purpose::kSample, 3, 4), second(7, Purpose::kSample, 3, 4);
  for (int i = 0; i < 9; ++i)
    EXPECT_EQ(first.bits(), second.bits());
}

TEST(Random, ChangesWithEveryPartOfItsName) {
  const std::vector<Random> streams = {Random(7, Purpose::kSample, 3, 4),
                                       Random(8, Purpose::kSample, 3, 4),
                                       Random(7, Purpose::kData, 3, 4),
                                       Random(7, Purpose::kSample, 4, 4),
                                       Random(7, Purpose::kSample, 3, 5),
                                       Random(7, Purpose::kSample, 3ull << 32, 4),
                                       Random(7 + (1ull << 32), Purpose::kSample, 3, 4)};
  std::vector<uint32_t> seen;
  for (Random stream : streams) {
    const uint32_t word = stream.bits();
    for (const uint32_t other : seen)
      EXPECT_NE(word, other);
    seen.push_back(word);
  }
}

TEST(Random, IsUniformInTheUnitInterval) {
  Random random(1, Purpose::kInit);
  double sum = 0, sum_of_squares = 0;
  for (int i = 0; i < 100000; ++i) {
    const double x = random.uniform();
    ASSERT_GE(x, 0);
    ASSERT_LT(x, 1);
    sum += x;
    sum_of_squares += x * x;
  }
  EXPECT_NEAR(sum / 100000, 0.5, 0.005);
  EXPECT_NEAR(sum_of_squares / 100000, 1.0 / 3, 0.005);
}

TEST(Random, DrawsEveryIntegerBelowABoundEquallyOften) {
  Random random(1, Purpose::kData);
  std::vector<int> counts(6);
  for (int i = 0; i < 60000; ++i)
    ++counts[static_cast<size_t>(random.below(6))];
  for (const int count : counts)
    EXPECT_NEAR(count, 10000, 400);
  EXPECT_EQ(random.below(1), 0);
  EXPECT_LT(random.below(INT64_MAX), INT64_MAX);
}

TEST(Random, DrawsNormalNumbers) {
  Random random(1, Purpose::kInit);
  double sum = 0, square = 0, fourth = 0;
  for (int i = 0; i < 100000; ++i) {
    const double x = random.normal();
    sum += x;
    square += x * x;
    fourth += x * x * x * x;
  }
  EXPECT_NEAR(sum / 100000, 0, 0.01);
  EXPECT_NEAR(square / 100000, 1, 0.02);
  EXPECT_NEAR(fourth / 100000, 3, 0.15);
}

TEST(RandomDeathTest, RefusesAnEmptyRange) {
  Random random(1, Purpose::kInit);
  EXPECT_EXIT(random.below(0), testing::ExitedWithCode(70), "bound is 0");
}

}  // namespace
}  // namespace nelumbo
