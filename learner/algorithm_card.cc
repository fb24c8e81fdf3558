// SPDX-License-Identifier: Apache-2.0
#include "learner/algorithm_card.h"

#include <array>
#include <sstream>

#include "base/check.h"
#include "learner/advantages.h"
#include "learner/aggregation.h"
#include "learner/health.h"
#include "learner/losses.h"

namespace nelumbo {
namespace {

constexpr std::array kPresets{
    Preset{"grpo", "grpo", "ppo_clip", "seq_mean_token_mean", 0.2, 0.2},
    Preset{"dr_grpo", "dr_grpo", "ppo_clip", "seq_mean_token_sum_max", 0.2, 0.2},
    Preset{"dapo", "grpo", "ppo_clip", "token_mean", 0.2, 0.28},
    Preset{"rloo", "rloo", "ppo_clip", "token_mean", 0.2, 0.2},
    Preset{"gdpo", "gdpo", "ppo_clip", "token_mean", 0.2, 0.28},
    Preset{"cispo", "grpo", "cispo", "token_mean", 0.2, 0.28},
};

std::string number(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

std::string loss_symbols(const RlConfig& config) {
  if (config.loss == "reinforce")
    return "-A l";
  if (config.loss == "cispo")
    return "-min(r, " + number(config.max_ratio) + ") A l, r = exp(l - o) held fixed";
  if (config.loss == "icepop")
    return "-r A l where " + number(1 / config.max_ratio) + " <= r <= " + number(config.max_ratio) +
           ", else 0, r = exp(l - o) held fixed";
  return "max(-r A, -clip(r, " + number(1 - config.clip_low) + ", " + number(1 + config.clip_high) +
         ") A), r = exp(clamp(l - o, -" + number(kLogRatioLimit) + ", " + number(kLogRatioLimit) +
         "))";
}

std::string weight_symbols(const RlConfig& config) {
  switch (aggregation_of(config.aggregation)) {
    case Aggregation::kTokenMean:
      return "m / sum of all T";
    case Aggregation::kSeqMeanTokenMean:
      return "m / (N T_i)";
    case Aggregation::kSeqMeanTokenSum:
      return "m / N";
    case Aggregation::kSeqMeanTokenSumMax:
      return "m / (N " + std::to_string(config.loss_length) + ")";
    case Aggregation::kPromptMean:
      return "m / (prompts sum of the prompt's T)";
  }
  NELUMBO_CHECK(false) << "unknown aggregation";
  return "";
}

std::string advantage_symbols(const RlConfig& config) {
  const std::string eps = number(kAdvantageEps);
  switch (advantage_of(config.advantage)) {
    case AdvantageKind::kGrpo:
      return "(g R - mean) / (std + " + eps + ")";
    case AdvantageKind::kDrGrpo:
      return "g R - mean";
    case AdvantageKind::kRloo:
      return "g R - mean of the others' R";
    case AdvantageKind::kGdpo:
      return "whiten(sum_k w_k (g R_k - mean_k) / (std_k + " + eps +
             ")), k: rule with shaping, rubric";
  }
  NELUMBO_CHECK(false) << "unknown advantage";
  return "";
}

std::string optimizer_symbols(const OptimizerConfig& config) {
  return "AdamW lr " + number(config.lr) + " -> " + number(config.lr_end) + " (cosine, warm-up " +
         std::to_string(config.warmup) + "), beta " + number(config.beta1) + " " +
         number(config.beta2) + ", eps " + number(config.eps) + ", decay " +
         number(config.weight_decay) + ", gradient norm <= " + number(config.clip);
}

}  // namespace

std::span<const Preset> presets() {
  return kPresets;
}

std::optional<std::string> preset_name(const RlConfig& config) {
  for (const Preset& preset : kPresets) {
    const bool clip = config.clip_low == preset.clip_low && config.clip_high == preset.clip_high;
    if (config.advantage == preset.advantage && config.loss == preset.loss &&
        config.aggregation == preset.aggregation && clip)
      return preset.name;
  }
  return std::nullopt;
}

std::string algorithm_card(const RlConfig& config) {
  const double most_extra = EntropyFloor::kExtraStep * EntropyFloor::kMostSteps;
  std::ostringstream card;
  card << "algorithm   " << preset_name(config).value_or("a combination of its own") << ", n "
       << config.group_size << ", " << config.prompts << " prompts a step\n"
       << "symbols     l log-prob now, o when drawn, m mask, T = sum m, N sequences with T > 0, g "
          "process factor, R return\n"
       << "loss        sum w (loss - " << number(config.entropy_bonus) << " H)\n"
       << "            loss = " << loss_symbols(config) << "\n"
       << "            w = " << weight_symbols(config) << ", counted over the whole step\n"
       << "advantage   A = " << advantage_symbols(config) << "\n"
       << "            |A| <= " << number(kAdvantageLimit)
       << "; mean and std (n - 1) of unpenalised scores of the group; g leaves R < 0 alone\n"
       << "steps       as a multiplier g; a process layer with a weight adds its own advantage "
          "(docs/rewards.md)\n"
       << "dropped     outcomes that are no score; groups with < 2 scores or spread <= "
       << number(kLeastSpread) << ", refilled " << config.refill_rounds << " times\n"
       << "entropy     below " << number(config.entropy_floor)
       << " of the first step's the bonus grows by " << number(EntropyFloor::kExtraStep)
       << " a step, up to " << number(config.entropy_bonus + most_extra) << "\n"
       << "off-policy  "
       << (config.max_staleness == 0
               ? "none: tokens are trained at the version that drew them (o = l)\n"
           : config.max_staleness == 1
               ? "1 version: answers are drawn while the step before theirs is trained\n"
               : "up to " + std::to_string(config.max_staleness) +
                     " versions, and several in one answer: o is of the one that drew the token\n")
       << "KL          0\n"
       << "optimizer   " << optimizer_symbols(config.optimizer);
  return card.str();
}

}  // namespace nelumbo
