// SPDX-License-Identifier: Apache-2.0
#include "learner/preference_losses.h"

#include <cmath>
#include <utility>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace nelumbo {
namespace {

at::Tensor leaf(double value) {
  return at::full({}, value, at::kDouble).requires_grad_(true);
}

void expect_autograd(const ScalarLoss& ours, const at::Tensor& loss, const at::Tensor& by) {
  loss.backward();
  EXPECT_NEAR(ours.loss, loss.item<double>(), 1e-12 * std::max(1.0, std::abs(ours.loss)));
  EXPECT_NEAR(ours.slope, by.grad().item<double>(), 1e-12);
}

TEST(PreferenceLosses, TheRewardModelsLossByHand) {
  // -ln sigma(0) = ln 2; sigma(-ln 3) = 1/4, so -ln sigma(-ln 3) = ln 4 and the slope is -3/4
  EXPECT_NEAR(reward_pair_loss(0).loss, std::log(2.0), 1e-15);
  EXPECT_EQ(reward_pair_loss(0).slope, -0.5);
  EXPECT_NEAR(reward_pair_loss(-std::log(3.0)).loss, std::log(4.0), 1e-15);
  EXPECT_NEAR(reward_pair_loss(-std::log(3.0)).slope, -0.75, 1e-15);
}

TEST(PreferenceLosses, DpoByHand) {
  // beta 0.5, D = 2 ln 3: sigma(ln 3) = 3/4
  const double difference = 2 * std::log(3.0);
  EXPECT_NEAR(dpo_loss(difference, 0.5, 0).loss, std::log(4.0 / 3), 1e-15);
  EXPECT_NEAR(dpo_loss(difference, 0.5, 0).slope, 0.5 * -0.25, 1e-15);
  // smoothed by 0.1: 0.9 ln(4/3) + 0.1 ln 4, slope 0.5 (0.1 * 3/4 - 0.9 * 1/4) = -0.075
  EXPECT_NEAR(dpo_loss(difference, 0.5, 0.1).loss, 0.9 * std::log(4.0 / 3) + 0.1 * std::log(4.0),
              1e-15);
  EXPECT_NEAR(dpo_loss(difference, 0.5, 0.1).slope, -0.075, 1e-15);
}

TEST(PreferenceLosses, TheStepJudgesLossByHand) {
  EXPECT_NEAR(step_loss(std::log(3.0), 1).loss, std::log(4.0 / 3), 1e-15);
  EXPECT_NEAR(step_loss(std::log(3.0), 1).slope, -0.25, 1e-15);
  EXPECT_NEAR(step_loss(std::log(3.0), 0).loss, std::log(4.0), 1e-15);
  EXPECT_NEAR(step_loss(std::log(3.0), 0).slope, 0.75, 1e-15);
}

TEST(PreferenceLosses, AgreeWithAutogradInDoublePrecision) {
  for (const double x : {-30.0, -2.5, -1e-3, 0.0, 0.7, 4.0, 25.0}) {
    at::Tensor d = leaf(x);
    expect_autograd(reward_pair_loss(x), -at::log_sigmoid(d), d);
    for (const double smoothing : {0.0, 0.2}) {
      d = leaf(x);
      expect_autograd(
          dpo_loss(x, 0.3, smoothing),
          -(1 - smoothing) * at::log_sigmoid(0.3 * d) - smoothing * at::log_sigmoid(-0.3 * d), d);
    }
    for (const double label : {0.0, 1.0}) {
      d = leaf(x);
      expect_autograd(step_loss(x, label),
                      at::binary_cross_entropy_with_logits(d, at::full({}, label, at::kDouble), {},
                                                           {}, at::Reduction::Sum),
                      d);
    }
  }
}

TEST(PreferenceLosses, StayFiniteFarOut) {
  EXPECT_EQ(reward_pair_loss(-1e4).loss, 1e4);
  EXPECT_EQ(reward_pair_loss(-1e4).slope, -1);
  EXPECT_EQ(reward_pair_loss(1e4).loss, 0);
  EXPECT_EQ(dpo_loss(-1e5, 0.1, 0).loss, 1e4);
  EXPECT_EQ(step_loss(1e4, 0).loss, 1e4);
  EXPECT_EQ(step_loss(-1e4, 0).slope, 0);
}

}  // namespace
}  // namespace nelumbo
