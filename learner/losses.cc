// SPDX-License-Identifier: Apache-2.0
//
// Losses of one token, minimised. l log-prob now, o log-prob when the token was drawn,
// r = exp(l - o), A advantage.
//
//   next token   -l
//   PPO clip     max(-r A, -clip(r, 1 - low, 1 + high) A)      (Schulman et al., 2017;
//                with high > low: DAPO, Yu et al., 2025)
//   REINFORCE    -A l                                           (Williams, 1992)
//   CISPO        -sg(min(r, most)) A l                          (MiniMax, 2025)
//   IcePop       -sg(r if 1/most <= r <= most, else 0) A l      (Ling, 2025)
//   entropy      - bonus H, with H the entropy of the distribution that the token is drawn from
//
// Each batch is used for one update, so l is also the log-prob under the newest weights before it:
// the proximal policy of decoupled PPO (Hilton et al., 2022) is l itself, its inner ratio is 1, and
// what is left of that loss is r A l with r held fixed: CISPO, or IcePop where tokens are masked. A
// masked token keeps its place in the denominator.
//
// The trap: exp overflows long before anything is wrong with the run, and inf * 0 is NaN. So log r
// is cut before exp, and the derivative outside the cut is 0, as autograd has it for clamp.
#include "learner/losses.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace nelumbo {
namespace {

TokenLoss token_loss(const LossInputs& in, size_t s, const LossOptions& options) {
  switch (options.kind) {
    case LossKind::kNextToken:
      return next_token_loss(in.logprobs[s]);
    case LossKind::kPpoClip:
      return ppo_clip_loss(in.logprobs[s], in.old_logprobs[s], in.advantages[s], options.clip);
    case LossKind::kReinforce:
      return reinforce_loss(in.logprobs[s], in.advantages[s]);
    case LossKind::kCispo:
      return cispo_loss(in.logprobs[s], in.old_logprobs[s], in.advantages[s], options.max_ratio);
    case LossKind::kIcePop:
      return icepop_loss(in.logprobs[s], in.old_logprobs[s], in.advantages[s], options.max_ratio);
  }
  NELUMBO_CHECK(false) << "unknown loss";
  return {};
}

void check_sizes(const LossInputs& in, const LossOptions& options) {
  const size_t size = in.logprobs.size();
  NELUMBO_CHECK(in.weights.size() == size) << "weights do not match the log-probs";
  NELUMBO_CHECK(options.entropy_bonus == 0 || in.entropies.size() == size)
      << "the entropy bonus needs the entropies";
  const bool policy = options.kind != LossKind::kNextToken;
  NELUMBO_CHECK(!policy || in.advantages.size() == size) << "policy losses need advantages";
  const bool ratio = policy && options.kind != LossKind::kReinforce;
  NELUMBO_CHECK(!ratio || in.old_logprobs.size() == size)
      << "the ratio needs the log-probs of the draw";
}

/// r, and whether log r had to be cut.
struct Ratio {
  double value = 1;
  bool clamped = false;
};

Ratio ratio_of(double logprob, double old_logprob) {
  const double log_ratio = logprob - old_logprob;
  return {std::exp(std::clamp(log_ratio, -kLogRatioLimit, kLogRatioLimit)),
          std::abs(log_ratio) > kLogRatioLimit};
}

/// One token's part of KL(o || l), never negative (Schulman, 2020, "Approximating KL divergence").
double divergence(double logprob, double old_logprob) {
  const double log_ratio = logprob - old_logprob;
  return std::expm1(std::clamp(log_ratio, -kLogRatioLimit, kLogRatioLimit)) - log_ratio;
}

LossKind kind_of(const std::string& word) {
  if (word == "reinforce")
    return LossKind::kReinforce;
  if (word == "cispo")
    return LossKind::kCispo;
  if (word == "icepop")
    return LossKind::kIcePop;
  NELUMBO_CHECK(word == "ppo_clip") << "unknown loss '" << word << "'";
  return LossKind::kPpoClip;
}

}  // namespace

TokenLoss next_token_loss(double logprob) {
  return {.loss = -logprob, .dlogprob = -1};
}

TokenLoss ppo_clip_loss(double logprob, double old_logprob, double advantage, ClipRange clip) {
  const auto [ratio, clamped] = ratio_of(logprob, old_logprob);
  const double free = -ratio * advantage;
  const double held = -std::clamp(ratio, 1 - clip.low, 1 + clip.high) * advantage;
  if (held > free)
    return {.loss = held, .dlogprob = 0, .clipped = true, .clamped = clamped};
  return {.loss = free, .dlogprob = clamped ? 0 : free, .clipped = false, .clamped = clamped};
}

TokenLoss reinforce_loss(double logprob, double advantage) {
  return {.loss = -advantage * logprob, .dlogprob = -advantage};
}

TokenLoss cispo_loss(double logprob, double old_logprob, double advantage, double most) {
  const auto [ratio, clamped] = ratio_of(logprob, old_logprob);
  const double weight = std::min(ratio, most);
  return {.loss = -weight * advantage * logprob,
          .dlogprob = -weight * advantage,
          .clipped = ratio > most,
          .clamped = clamped};
}

TokenLoss icepop_loss(double logprob, double old_logprob, double advantage, double most) {
  const auto [ratio, clamped] = ratio_of(logprob, old_logprob);
  const bool kept = ratio <= most && ratio >= 1 / most;
  const double weight = kept ? ratio : 0;
  return {.loss = kept ? -weight * advantage * logprob : 0,
          .dlogprob = -weight * advantage,
          .clipped = !kept,
          .clamped = clamped};
}

LossOptions loss_options(const RlConfig& config, double entropy_bonus) {
  return {.kind = kind_of(config.loss),
          .clip = {config.clip_low, config.clip_high},
          .max_ratio = config.max_ratio,
          .entropy_bonus = entropy_bonus};
}

BatchLoss batch_loss(const LossInputs& inputs, const LossOptions& options) {
  check_sizes(inputs, options);
  BatchLoss batch;
  for (size_t s = 0; s < inputs.logprobs.size(); ++s) {
    const TokenLoss token = token_loss(inputs, s, options);
    const double weight = inputs.weights[s];
    batch.loss += weight * token.loss;
    batch.dlogprob.push_back(static_cast<float>(weight * token.dlogprob));
    batch.clipped += token.clipped ? 1 : 0;
    batch.clamped += token.clamped ? 1 : 0;
    if (!inputs.old_logprobs.empty()) {
      const double mismatch = std::abs(double{inputs.logprobs[s]} - inputs.old_logprobs[s]);
      batch.mismatch_abs_max = std::max(batch.mismatch_abs_max, mismatch);
      batch.kl += divergence(inputs.logprobs[s], inputs.old_logprobs[s]);
    }
    if (options.entropy_bonus != 0) {
      batch.loss -= weight * options.entropy_bonus * inputs.entropies[s];
      batch.dentropy.push_back(static_cast<float>(-options.entropy_bonus * weight));
    }
  }
  return batch;
}

}  // namespace nelumbo
