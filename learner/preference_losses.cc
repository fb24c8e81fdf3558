// SPDX-License-Identifier: Apache-2.0
//
// Losses of preferences, minimised. w the better answer, l the worse one, s a score model's score,
// l_w and q_w log-probs of whole answers now and under the reference.
//
//   reward model  -ln sigma(s_w - s_l - margin)            (Bradley and Terry, 1952; with a margin:
//                                                           Touvron et al., 2023)
//   DPO           -(1 - s) ln sigma(beta D) - s ln sigma(-beta D),
//                 D = (l_w - q_w) - (l_l - q_l)            (Rafailov et al., 2023; smoothed:
//                 Mitchell,
//                                                           2023)
//   step judge    -y ln sigma(z) - (1 - y) ln sigma(-z)    (Lightman et al., 2023)
//
// The trap: ln sigma(x) computed as log(1 / (1 + exp(-x))) is -inf from x = -745 on, where the
// right value is x. So it is written as -softplus(-x) with the exponential of a number that is not
// positive.
#include "learner/preference_losses.h"

#include <algorithm>
#include <cmath>

namespace nelumbo {
namespace {

/// ln(1 + exp(x))
double softplus(double x) {
  return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
}

double sigma(double x) {
  return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}

}  // namespace

ScalarLoss reward_pair_loss(double difference) {
  return {softplus(-difference), -sigma(-difference)};
}

ScalarLoss dpo_loss(double difference, double beta, double smoothing) {
  const double x = beta * difference;
  return {(1 - smoothing) * softplus(-x) + smoothing * softplus(x),
          beta * (smoothing * sigma(x) - (1 - smoothing) * sigma(-x))};
}

ScalarLoss step_loss(double score, double label) {
  return {label * softplus(-score) + (1 - label) * softplus(score), sigma(score) - label};
}

}  // namespace nelumbo
