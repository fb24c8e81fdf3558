// SPDX-License-Identifier: Apache-2.0
#include "learner/losses.h"

#include <cmath>
#include <limits>
#include <random>
#include <utility>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace nelumbo {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr ClipRange kClip{0.2, 0.28};

at::Tensor leaf(double value) {
  return at::full({}, value, at::kDouble).requires_grad_(true);
}

/// Value and derivative of the clipped loss as fp64 autograd has them.
std::pair<double, double> autograd_ppo(double logprob, double old_logprob, double advantage) {
  const at::Tensor l = leaf(logprob);
  const at::Tensor ratio = at::exp(at::clamp(l - old_logprob, -kLogRatioLimit, kLogRatioLimit));
  const at::Tensor clipped = at::clamp(ratio, 1 - kClip.low, 1 + kClip.high);
  const at::Tensor loss = at::maximum(-ratio * advantage, -clipped * advantage);
  loss.backward();
  return {loss.item<double>(), l.grad().item<double>()};
}

TEST(Losses, NextTokenIsTheNegativeLogProb) {
  const TokenLoss token = next_token_loss(-1.5);
  EXPECT_EQ(token.loss, 1.5);
  EXPECT_EQ(token.dlogprob, -1);
}

TEST(Losses, ReinforceIsTheAdvantageTimesTheNegativeLogProb) {
  const TokenLoss token = reinforce_loss(-1.5, -2);
  EXPECT_EQ(token.loss, -3);
  EXPECT_EQ(token.dlogprob, 2);
}

TEST(Losses, AtRatioOneTheClipDoesNothing) {
  const TokenLoss token = ppo_clip_loss(-0.7, -0.7, 1.25, kClip);
  EXPECT_EQ(token.loss, -1.25);
  EXPECT_EQ(token.dlogprob, -1.25);
  EXPECT_FALSE(token.clipped);
}

TEST(Losses, ClipIsAsymmetricAndOnlyHoldsWhatWouldGoFurther) {
  const double up = std::log(1.25), far_up = std::log(1.3), down = std::log(0.75);
  // Good token, ratio 1.25: inside 1.28, so it still learns.
  EXPECT_NEAR(ppo_clip_loss(up, 0, 2, kClip).loss, -2.5, 1e-12);
  EXPECT_NEAR(ppo_clip_loss(up, 0, 2, kClip).dlogprob, -2.5, 1e-12);
  // Good token, ratio 1.3: held at 1.28.
  EXPECT_NEAR(ppo_clip_loss(far_up, 0, 2, kClip).loss, -2.56, 1e-12);
  EXPECT_EQ(ppo_clip_loss(far_up, 0, 2, kClip).dlogprob, 0);
  EXPECT_TRUE(ppo_clip_loss(far_up, 0, 2, kClip).clipped);
  // Bad token, ratio 1.3: pulled back with full force.
  EXPECT_NEAR(ppo_clip_loss(far_up, 0, -2, kClip).dlogprob, 2.6, 1e-12);
  // Bad token, ratio 0.75: held at 0.8. A good one is free to come back.
  EXPECT_NEAR(ppo_clip_loss(down, 0, -2, kClip).loss, 1.6, 1e-12);
  EXPECT_EQ(ppo_clip_loss(down, 0, -2, kClip).dlogprob, 0);
  EXPECT_NEAR(ppo_clip_loss(down, 0, 2, kClip).dlogprob, -1.5, 1e-12);
}

TEST(Losses, PpoClipAgreesWithAutogradInDoublePrecision) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  int clipped = 0;
  for (int i = 0; i < 500; ++i) {
    const double o = -std::abs(normal(random)), l = o + 0.3 * normal(random);
    const double a = 2 * normal(random);
    const TokenLoss token = ppo_clip_loss(l, o, a, kClip);
    const auto [loss, gradient] = autograd_ppo(l, o, a);
    EXPECT_NEAR(token.loss, loss, 1e-12);
    EXPECT_NEAR(token.dlogprob, gradient, 1e-12);
    clipped += token.clipped ? 1 : 0;
  }
  EXPECT_GT(clipped, 50);
  EXPECT_LT(clipped, 450);
}

TEST(Losses, CispoCutsTheWeightAndNotTheGradient) {
  const double o = -1, twice = o + std::log(2.0), thrice = o + std::log(3.0);
  // r = 2 within the cut at 2.5: -2 A l, with the weight held fixed.
  EXPECT_NEAR(cispo_loss(twice, o, 0.5, 2.5).loss, -2 * 0.5 * twice, 1e-12);
  EXPECT_NEAR(cispo_loss(twice, o, 0.5, 2.5).dlogprob, -1, 1e-12);
  EXPECT_FALSE(cispo_loss(twice, o, 0.5, 2.5).clipped);
  // r = 3 is cut to 2.5, and the token still learns.
  EXPECT_NEAR(cispo_loss(thrice, o, -0.5, 2.5).dlogprob, 1.25, 1e-12);
  EXPECT_TRUE(cispo_loss(thrice, o, -0.5, 2.5).clipped);
}

TEST(Losses, IcePopLeavesOutRatiosBeyondItsBounds) {
  const double o = -1, half = o + std::log(0.5), third = o + std::log(1.0 / 3);
  EXPECT_NEAR(icepop_loss(half, o, 4, 2.5).dlogprob, -2, 1e-12);
  EXPECT_FALSE(icepop_loss(half, o, 4, 2.5).clipped);
  for (const double l : {third, o + std::log(3.0)}) {
    EXPECT_EQ(icepop_loss(l, o, 4, 2.5).dlogprob, 0);
    EXPECT_EQ(icepop_loss(l, o, 4, 2.5).loss, 0);
    EXPECT_TRUE(icepop_loss(l, o, 4, 2.5).clipped);
  }
}

TEST(Losses, OfTheSameWeightsAreAllReinforce) {
  for (const double a : {-1.5, 0.0, 2.0})
    for (const auto& loss : {cispo_loss(-0.7, -0.7, a, 2), icepop_loss(-0.7, -0.7, a, 2)}) {
      EXPECT_NEAR(loss.dlogprob, reinforce_loss(-0.7, a).dlogprob, 1e-15);
      EXPECT_NEAR(loss.loss, reinforce_loss(-0.7, a).loss, 1e-15);
    }
}

TEST(Losses, InfiniteLogRatiosStayFiniteAsAutogradHasThem) {
  for (const double l : {-kInfinity, -50.0, -21.0, 0.0, 21.0, 50.0, kInfinity}) {
    for (const double a : {-1.5, 0.0, 1.5}) {
      const TokenLoss token = ppo_clip_loss(l, 0, a, kClip);
      const auto [loss, gradient] = autograd_ppo(l, 0, a);
      EXPECT_TRUE(std::isfinite(token.loss) && std::isfinite(token.dlogprob)) << l << " " << a;
      EXPECT_NEAR(token.loss, loss, 1e-12 * std::abs(loss)) << l << " " << a;
      EXPECT_NEAR(token.dlogprob, gradient, 1e-12) << l << " " << a;
      EXPECT_EQ(token.clamped, std::abs(l) > kLogRatioLimit);
    }
  }
}

TEST(Losses, NanReachesTheLoss) {
  EXPECT_TRUE(std::isnan(ppo_clip_loss(-kInfinity, -kInfinity, 1, kClip).loss));
}

/// Five tokens of a policy step, the third one clipped.
struct Step {
  std::vector<float> weights{0.5F, 0.25F, 0.25F, 0.125F, 1}, logprobs{-0.5F, -1, -0.25F, -3, -2};
  std::vector<float> entropies{1, 0.5F, 2, 0.25F, 1.5F}, advantages{1, -1, 2, 0, -0.5F};
  std::vector<float> old_logprobs{-0.5F, -1.125F, -1, -3, -2.5F};
  LossInputs inputs() const { return {weights, logprobs, entropies, advantages, old_logprobs}; }
};

TEST(Losses, BatchGradientsAgreeWithAutogradOfTheWholeSum) {
  const Step step;
  const LossOptions options{.kind = LossKind::kPpoClip, .clip = kClip, .entropy_bonus = 0.004};
  const BatchLoss batch = batch_loss(step.inputs(), options);

  const auto tensor = [](std::vector<float> v) {
    return at::from_blob(v.data(), {static_cast<int64_t>(v.size())}, at::kFloat).to(at::kDouble);
  };
  const at::Tensor l = tensor(step.logprobs).requires_grad_(true);
  const at::Tensor h = tensor(step.entropies).requires_grad_(true);
  const at::Tensor a = tensor(step.advantages), w = tensor(step.weights);
  const at::Tensor r = at::exp(l - tensor(step.old_logprobs));
  const at::Tensor token = at::maximum(-r * a, -at::clamp(r, 0.8, 1.28) * a);
  const at::Tensor loss = at::sum(w * (token - 0.004 * h));
  loss.backward();

  EXPECT_NEAR(batch.loss, loss.item<double>(), 1e-12);
  for (int s = 0; s < 5; ++s) {
    EXPECT_NEAR(batch.dlogprob[s], l.grad()[s].item<double>(), 1e-7);
    EXPECT_NEAR(batch.dentropy[s], h.grad()[s].item<double>(), 1e-9);
  }
  EXPECT_EQ(batch.clipped, 1);
  EXPECT_EQ(batch.mismatch_abs_max, 0.75);
  EXPECT_NEAR(batch.kl, at::sum(r - 1 - at::log(r)).item<double>(), 1e-12);
}

TEST(Losses, WithoutABonusThereIsNoEntropyGradient) {
  const std::vector<float> weights{0.25F, 0.75F}, logprobs{-2, -4};
  const LossInputs inputs{.weights = weights,
                          .logprobs = logprobs,
                          .entropies = {},
                          .advantages = {},
                          .old_logprobs = {}};
  const BatchLoss batch = batch_loss(inputs, {});
  EXPECT_EQ(batch.loss, 0.25 * 2 + 0.75 * 4);
  EXPECT_EQ(batch.dlogprob, (std::vector<float>{-0.25F, -0.75F}));
  EXPECT_TRUE(batch.dentropy.empty());
}

TEST(Losses, AnEmptyBatchCostsNothing) {
  const BatchLoss batch =
      batch_loss({}, {.kind = LossKind::kPpoClip, .clip = kClip, .entropy_bonus = 0.1});
  EXPECT_EQ(batch.loss, 0);
  EXPECT_TRUE(batch.dlogprob.empty());
}

TEST(Losses, ConfigurationChoosesTheLoss) {
  RlConfig config;
  config.loss = "reinforce";
  EXPECT_EQ(loss_options(config, 0.01).kind, LossKind::kReinforce);
  config.loss = "cispo";
  config.max_ratio = 3;
  EXPECT_EQ(loss_options(config, 0.01).kind, LossKind::kCispo);
  EXPECT_EQ(loss_options(config, 0.01).max_ratio, 3);
  config.loss = "icepop";
  EXPECT_EQ(loss_options(config, 0.01).kind, LossKind::kIcePop);
  config.loss = "ppo_clip";
  config.clip_high = 0.5;
  EXPECT_EQ(loss_options(config, 0.01).kind, LossKind::kPpoClip);
  EXPECT_EQ(loss_options(config, 0.01).clip.high, 0.5);
  EXPECT_EQ(loss_options(config, 0.01).entropy_bonus, 0.01);
}

}  // namespace
}  // namespace nelumbo
