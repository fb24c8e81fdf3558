// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <limits>

#include <gtest/gtest.h>

#include "tests/kernels/kernel_testing.h"

namespace nelumbo {
namespace {

constexpr float kNone = -std::numeric_limits<float>::infinity();

struct Drawn {
  std::vector<int32_t> tokens;
  Floats logprob, entropy;
};

Drawn draw(Team& team, const Floats& logits, const std::vector<double>& u, float inverse) {
  const size_t m = u.size();
  Drawn out{std::vector<int32_t>(m), Floats(m), Floats(m)};
  log_softmax_sample(team, logits.data(), u.data(), std::ssize(u),
                     std::ssize(logits) / std::ssize(u), inverse, out.tokens.data(),
                     out.logprob.data(), out.entropy.data());
  return out;
}

int32_t drawn(const Floats& logits, double u, float inverse = 1) {
  Team team(1);
  return draw(team, logits, {u}, inverse).tokens[0];
}

int32_t likeliest(const Floats& logits) {
  Team team(1);
  int32_t token = -1;
  float logprob = 0, entropy = 0;
  log_softmax_sample(team, logits.data(), nullptr, 1, std::ssize(logits), 1, &token, &logprob,
                     &entropy);
  return token;
}

TEST(LogSoftmaxSample, IsTheInverseOfTheCumulativeDistribution) {
  on_each_isa([] {
    const Floats logits = {std::log(0.5F), std::log(0.3F), std::log(0.2F)};
    EXPECT_EQ(drawn(logits, 0.0), 0);
    EXPECT_EQ(drawn(logits, 0.49), 0);
    EXPECT_EQ(drawn(logits, 0.51), 1);
    EXPECT_EQ(drawn(logits, 0.79), 1);
    EXPECT_EQ(drawn(logits, 0.81), 2);
    EXPECT_EQ(drawn(logits, 0.999999), 2);
    // At T = 0.5 probabilities go with p^2: 25, 9, 4 of 38.
    EXPECT_EQ(drawn(logits, 24.9 / 38, 2), 0);
    EXPECT_EQ(drawn(logits, 25.1 / 38, 2), 1);
  });
}

TEST(LogSoftmaxSample, FindsEachTokenOfALargeVocabulary) {
  on_each_isa([] {
    for (const int64_t v : {1, 15, 255, 256, 257, 1027}) {
      const Floats logits = random_floats(v, 3, 2);
      double sum = 0;
      for (const float z : logits)
        sum += std::exp(double{z});
      double below = 0;
      for (int64_t a = 0; a < v; ++a) {
        const double p = std::exp(double{logits[static_cast<size_t>(a)]}) / sum;
        if (p > 1e-5) {  // wider than what sums in fp32 may be off
          ASSERT_EQ(drawn(logits, below + p / 2), a) << v;
        }
        below += p;
      }
    }
  });
}

TEST(LogSoftmaxSample, NeverDrawsWhatHasNoProbability) {
  on_each_isa([] {
    Floats logits(1200, kNone);
    logits[300] = 1;
    logits[301] = 1;
    for (const double u : {0.0, 0.3, 0.49})
      EXPECT_EQ(drawn(logits, u), 300);
    for (const double u : {0.51, 0.9, std::nextafter(1.0, 0.0)})
      EXPECT_EQ(drawn(logits, u), 301);
    EXPECT_EQ(likeliest(logits), 300);
  });
}

TEST(LogSoftmaxSample, TakesTheFirstOfTheLikeliest) {
  on_each_isa([] {
    EXPECT_EQ(likeliest({0, 2, 2, 1}), 1);
    Floats logits = random_floats(5000, 6);
    logits[4000] = logits[4500] = 9;
    EXPECT_EQ(likeliest(logits), 4000);
  });
}

TEST(LogSoftmaxSample, GivesTheBitsOfLogSoftmaxGather) {
  on_each_isa([] {
    const int64_t m = 9, v = 1003;
    const Floats logits = random_floats(m * v, 1, 3);
    Random random(4, Purpose::kInit);
    std::vector<double> u(m);
    for (double& x : u)
      x = random.uniform();
    for (const int threads : {1, 2, 3}) {
      Team team(threads);
      const Drawn d = draw(team, logits, u, 0.7F);
      Floats logprob(m), entropy(m);
      log_softmax_gather(team, logits.data(), d.tokens.data(), m, v, 0.7F, logprob.data(),
                         entropy.data(), nullptr);
      EXPECT_TRUE(same_bits(d.logprob, logprob));
      EXPECT_TRUE(same_bits(d.entropy, entropy));
    }
  });
}

TEST(LogSoftmaxSample, FollowsTheProbabilities) {
  on_each_isa([] {
    Floats logits(600, kNone);
    logits[10] = std::log(0.5F);
    logits[270] = std::log(0.3F);
    logits[599] = std::log(0.2F);
    Random random(9, Purpose::kInit);
    std::array<int, 3> counts{};
    for (int i = 0; i < 6000; ++i) {
      const int32_t token = drawn(logits, random.uniform());
      ++counts[token == 10 ? 0 : token == 270 ? 1 : 2];
    }
    EXPECT_NEAR(counts[0], 3000, 200);  // five standard deviations
    EXPECT_NEAR(counts[1], 1800, 180);
    EXPECT_NEAR(counts[2], 1200, 160);
  });
}

TEST(LogSoftmaxSample, SaysNanWhenALogitIsNan) {
  on_each_isa([] {
    Team team(1);
    Floats logits = random_floats(40, 4);
    logits[20] = std::numeric_limits<float>::quiet_NaN();
    const Drawn d = draw(team, logits, {0.5}, 1);
    EXPECT_TRUE(std::isnan(d.logprob[0]));
    EXPECT_GE(d.tokens[0], 0);
    EXPECT_LT(d.tokens[0], 40);
  });
}

}  // namespace
}  // namespace nelumbo
