// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace nelumbo {

/// A loss and its derivative by what it is a function of.
struct ScalarLoss {
  double loss = 0;
  double slope = 0;
};

/// -ln sigma(difference), difference = s_w - s_l - margin.
ScalarLoss reward_pair_loss(double difference);

/// -(1 - s) ln sigma(beta difference) - s ln sigma(-beta difference), with s the smoothing and
/// difference = (l_w - q_w) - (l_l - q_l), of log-probs of whole answers.
ScalarLoss dpo_loss(double difference, double beta, double smoothing);

/// -y ln sigma(score) - (1 - y) ln sigma(-score), with y 1 for a sound step and 0 for a faulty one.
ScalarLoss step_loss(double score, double label);

}  // namespace nelumbo
