// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "learner/config.h"

namespace nelumbo {

/// log r is cut to [-20, 20] before exp, so that no ratio overflows.
constexpr double kLogRatioLimit = 20;

/// The loss of one token and its derivative by the token's log-prob.
struct TokenLoss {
  double loss = 0;
  double dlogprob = 0;
  bool clipped = false;  ///< the clip decided: no gradient, or one of a weight that was cut
  bool clamped = false;  ///< log r was outside +-kLogRatioLimit
};

/// The ratio r may leave [1 - low, 1 + high] without being pushed further.
struct ClipRange {
  double low = 0.2;
  double high = 0.28;
};

/// -l
TokenLoss next_token_loss(double logprob);
/// max(-r A, -clip(r, 1 - low, 1 + high) A), r = exp(l - o)
TokenLoss ppo_clip_loss(double logprob, double old_logprob, double advantage, ClipRange clip);
/// -A l
TokenLoss reinforce_loss(double logprob, double advantage);
/// -w A l, w = min(r, most) held fixed, r = exp(l - o)
TokenLoss cispo_loss(double logprob, double old_logprob, double advantage, double most);
/// -w A l, w = r within [1 / most, most] and 0 outside, held fixed
TokenLoss icepop_loss(double logprob, double old_logprob, double advantage, double most);

enum class LossKind { kNextToken, kPpoClip, kReinforce, kCispo, kIcePop };

/// What a step minimises: sum_t w_t (loss_t - entropy_bonus * H_t).
struct LossOptions {
  LossKind kind = LossKind::kNextToken;
  ClipRange clip;
  double max_ratio = 2;
  double entropy_bonus = 0;
};

/// The loss that a configuration asks for, with the entropy bonus as the entropy floor left it.
LossOptions loss_options(const RlConfig& config, double entropy_bonus);

/// What the losses of S tokens are computed from. All spans have S elements; `advantages` and
/// `old_logprobs` may be empty for next-token losses, `entropies` where the bonus is 0.
struct LossInputs {
  std::span<const float> weights, logprobs, entropies, advantages, old_logprobs;
};

/// The losses of S tokens and the gradients that the head's backward pass takes.
struct BatchLoss {
  double loss = 0;              ///< sum w (loss - bonus H)
  std::vector<float> dlogprob;  ///< [S]
  std::vector<float> dentropy;  ///< [S], -bonus w; empty where the bonus is 0
  int64_t clipped = 0;          ///< tokens where the clip decided
  int64_t clamped = 0;          ///< tokens whose log ratio left +-kLogRatioLimit
  double mismatch_abs_max = 0;  ///< max |l - o|; 0 when there is no o
  double kl = 0;  ///< sum of exp(l - o) - 1 - (l - o), whose mean estimates KL(o || l)
};

/// A NaN among the inputs reaches the loss, where the guard of the step sees it.
BatchLoss batch_loss(const LossInputs& inputs, const LossOptions& options);

}  // namespace nelumbo
