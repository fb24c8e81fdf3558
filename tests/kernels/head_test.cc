// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <gtest/gtest.h>

#include "tests/kernels/kernel_testing.h"

namespace nelumbo {
namespace {

using Targets = std::vector<int32_t>;

Targets random_targets(int64_t m, int64_t v, uint64_t seed) {
  Random random(seed, Purpose::kInit);
  Targets targets(static_cast<size_t>(m));
  for (int32_t& t : targets)
    t = static_cast<int32_t>(random.below(v));
  return targets;
}

struct Scores {
  Floats logprob, entropy, lse;
};

Scores log_softmax_of(Team& team, const Floats& logits, const Targets& targets, float inverse) {
  Scores s{Floats(targets.size()), Floats(targets.size()), Floats(targets.size())};
  const int64_t m = std::ssize(targets);
  log_softmax_gather(team, logits.data(), targets.data(), m, std::ssize(logits) / m, inverse,
                     s.logprob.data(), s.entropy.data(), s.lse.data());
  return s;
}

struct Exact {
  double logprob, entropy, lse;
};

Exact exact(const float* logits, int64_t v, int32_t target, double inverse) {
  double sum = 0;
  for (int64_t j = 0; j < v; ++j)
    sum += std::exp(logits[j] * inverse);
  const double lse = std::log(sum);
  double mean = 0;
  for (int64_t j = 0; j < v; ++j)
    mean += std::exp(logits[j] * inverse - lse) * logits[j] * inverse;
  return {logits[target] * inverse - lse, lse - mean, lse};
}

TEST(LogSoftmaxGather, FollowsItsFormula) {
  on_each_isa([] {
    Team team(2);
    for (const int64_t v : {1, 7, 16, 17, 512, 1003}) {
      const int64_t m = 70;
      const Floats logits = random_floats(m * v, 1, 3);
      const Targets targets = random_targets(m, v, 2);
      for (const float inverse : {1.0F, 0.5F, 1.7F}) {
        const Scores s = log_softmax_of(team, logits, targets, inverse);
        for (size_t i = 0; i < targets.size(); ++i) {
          const Exact e =
              exact(logits.data() + static_cast<int64_t>(i) * v, v, targets[i], inverse);
          ASSERT_NEAR(s.logprob[i], e.logprob, 5e-6);
          ASSERT_NEAR(s.entropy[i], e.entropy, 5e-6);
          ASSERT_NEAR(s.lse[i], e.lse, 5e-6);
        }
      }
    }
  });
}

TEST(LogSoftmaxGather, GivesZeroWithoutATarget) {
  on_each_isa([] {
    Team team(1);
    const Scores s = log_softmax_of(team, {0, 0, 0, 0}, {-1, 1}, 1);
    EXPECT_EQ(s.logprob[0], 0);
    EXPECT_EQ(s.entropy[0], 0);
    EXPECT_NEAR(s.lse[0], std::log(2.0), 1e-6);
    EXPECT_NEAR(s.logprob[1], -std::log(2.0), 1e-6);
  });
}

TEST(LogSoftmaxGather, TakesForbiddenTokensAndLargeLogits) {
  on_each_isa([] {
    Team team(1);
    const float none = -std::numeric_limits<float>::infinity();
    const Scores s = log_softmax_of(team, {none, 3, 3, none, 1e4F, -1e4F, 0, none}, {1, 0}, 1);
    EXPECT_NEAR(s.logprob[0], -std::log(2.0), 1e-6);
    EXPECT_NEAR(s.entropy[0], std::log(2.0), 1e-6);
    EXPECT_NEAR(s.logprob[1], 0, 1e-6);
    EXPECT_NEAR(s.entropy[1], 0, 1e-6);
  });
}

TEST(LogSoftmaxGather, LetsOutputsBeAbsent) {
  on_each_isa([] {
    Team team(1);
    const Floats logits = random_floats(40, 3);
    const Targets target{5};
    const Scores all = log_softmax_of(team, logits, target, 1);
    float logprob = 0;
    log_softmax_gather(team, logits.data(), target.data(), 1, 40, 1, &logprob, nullptr, nullptr);
    EXPECT_EQ(logprob, all.logprob[0]);
    float lse = 0;
    log_softmax_gather(team, logits.data(), target.data(), 1, 40, 1, nullptr, nullptr, &lse);
    EXPECT_EQ(lse, all.lse[0]);
  });
}

TEST(LogSoftmaxGather, SaysNanWhenALogitIsNan) {
  on_each_isa([] {
    Team team(1);
    Floats logits = random_floats(40, 4);
    logits[20] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_TRUE(std::isnan(log_softmax_of(team, logits, {5}, 1).logprob[0]));
  });
}

/// Hidden rows, a head weight and targets.
struct Case {
  int64_t m, k, v;
  Floats x, w_VK;
  Targets targets;
  PackedMatrix w, w_transposed;
};

Case case_of(int64_t m, int64_t k, int64_t v) {
  Case c{m,  k, v, random_floats(m * k, 5), random_floats(v * k, 6, 0.3), random_targets(m, v, 7),
         {}, {}};
  if (m > 2)
    c.targets[1] = -1;
  pack(c.w_VK.data(), v, k, c.w);
  pack_transposed(c.w_VK.data(), v, k, c.w_transposed);
  return c;
}

Scores head_of(const Case& c, int threads, int64_t m, float inverse) {
  Team team(threads);
  Scores s{Floats(static_cast<size_t>(m)), Floats(static_cast<size_t>(m)), {}};
  head(team, c.x.data(), m, c.w, c.targets.data(), inverse, s.logprob.data(), s.entropy.data());
  return s;
}

TEST(Head, HasTheBitsOfLinearAndLogSoftmaxForAnyNumberOfRowsAndThreads) {
  const Case c = case_of(300, 33, 130);
  on_each_isa([&] {
    Team one(1);
    Floats logits(static_cast<size_t>(c.m * c.v));
    linear(one, c.x.data(), c.m, c.w, nullptr, logits.data());
    const Scores expected = log_softmax_of(one, logits, c.targets, 0.7F);
    for (const int threads : {1, 2, 3}) {
      for (const int64_t m : {1, 2, 3, 8, 17, 64, 65, 300}) {
        const Scores s = head_of(c, threads, m, 0.7F);
        EXPECT_TRUE(same_bits(s.logprob, {expected.logprob.data(), static_cast<size_t>(m)}));
        EXPECT_TRUE(same_bits(s.entropy, {expected.entropy.data(), static_cast<size_t>(m)}));
      }
    }
  });
}

TEST(Head, LetsOutputsBeAbsent) {
  const Case c = case_of(200, 20, 70);
  on_each_isa([&] {
    Team team(2);
    const Scores expected = head_of(c, 1, c.m, 1);
    Floats logprob(200);
    head(team, c.x.data(), c.m, c.w, c.targets.data(), 1, logprob.data(), nullptr);
    EXPECT_TRUE(same_bits(logprob, expected.logprob));
  });
}

struct Gradients {
  Floats dx, dw;
};

Gradients head_gradients(const Case& c, int threads, const Floats& dlogprob,
                         const Floats& dentropy) {
  Team team(threads);
  Gradients g{Floats(c.x.size(), 9.0F), Floats(c.w_VK.size(), 0.5F)};
  head_backward(team, c.x.data(), c.m, c.w, c.w_transposed, c.targets.data(), 0.7F, dlogprob.data(),
                dentropy.empty() ? nullptr : dentropy.data(), g.dx.data(), g.dw.data());
  return g;
}

// sum(dlogprob logprob + dentropy entropy) in double.
double weighted(const Case& c, const Floats& x, const Floats& w_VK, const Floats& dlogprob,
                const Floats& dentropy) {
  double sum = 0;
  Floats logits(static_cast<size_t>(c.v));
  for (int64_t i = 0; i < c.m; ++i) {
    const auto at = static_cast<size_t>(i);
    if (c.targets[at] < 0)
      continue;
    std::vector<double> z(static_cast<size_t>(c.v));
    double total = 0;
    for (int64_t j = 0; j < c.v; ++j) {
      double& logit = z[static_cast<size_t>(j)];
      for (int64_t f = 0; f < c.k; ++f)
        logit +=
            double{x[static_cast<size_t>(i * c.k + f)]} * w_VK[static_cast<size_t>(j * c.k + f)];
      logit *= double{0.7F};
      total += std::exp(logit);
    }
    double entropy = std::log(total);
    for (const double logit : z)
      entropy -= std::exp(logit) / total * logit;
    sum += dlogprob[at] * (z[static_cast<size_t>(c.targets[at])] - std::log(total)) +
           (dentropy.empty() ? 0 : dentropy[at] * entropy);
  }
  return sum;
}

TEST(HeadBackward, MatchesCentralDifferences) {
  const Case c = case_of(5, 7, 19);
  const Floats dlogprob = random_floats(c.m, 8);
  for (const Floats& dentropy : {random_floats(c.m, 9), Floats{}}) {
    const Floats dx = central_differences(c.x, 1e-3, [&](const Floats& moved) {
      return weighted(c, moved, c.w_VK, dlogprob, dentropy);
    });
    Floats dw = central_differences(c.w_VK, 1e-3, [&](const Floats& moved) {
      return weighted(c, c.x, moved, dlogprob, dentropy);
    });
    for (float& g : dw)
      g += 0.5F;
    on_each_isa([&] {
      const Gradients g = head_gradients(c, 1, dlogprob, dentropy);
      EXPECT_LE(difference(g.dx, dx), 2e-5);
      EXPECT_LE(difference(g.dw, dw), 2e-5);
    });
  }
}

TEST(HeadBackward, AgreesWithTheReferenceAndHasTheSameBitsForAnyNumberOfThreads) {
  const Case c = case_of(1100, 20, 515);
  const Floats dlogprob = random_floats(c.m, 10);
  const Floats dentropy = random_floats(c.m, 11);
  const Gradients expected =
      on_isa(Isa::kReference, [&] { return head_gradients(c, 1, dlogprob, dentropy); });
  on_each_isa([&] {
    const Gradients g = head_gradients(c, 1, dlogprob, dentropy);
    EXPECT_LE(difference(g.dx, expected.dx), 5e-6);
    EXPECT_LE(difference(g.dw, expected.dw), 5e-6);
    const Gradients shared = head_gradients(c, 3, dlogprob, dentropy);
    EXPECT_TRUE(same_bits(shared.dx, g.dx));
    EXPECT_TRUE(same_bits(shared.dw, g.dw));
  });
}

TEST(HeadBackward, GivesNoGradientToARowWithoutATarget) {
  const Case c = case_of(3, 6, 30);
  on_each_isa([&] {
    const Gradients g = head_gradients(c, 1, {1, 1, 1}, {1, 1, 1});
    EXPECT_EQ(Floats(g.dx.begin() + 6, g.dx.begin() + 12), Floats(6, 0.0F));
  });
}

}  // namespace
}  // namespace nelumbo
