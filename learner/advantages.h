// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "corpus/training_group.h"
#include "learner/config.h"
#include "reward/reward.h"

namespace nelumbo {

constexpr double kAdvantageEps = 1e-6;  ///< added to a standard deviation before dividing by it
constexpr double kAdvantageLimit = 10;  ///< |A| is cut here, and counted
constexpr double kLeastSpread = 1e-9;   ///< returns that differ by no more are equal

enum class AdvantageKind {
  kGrpo,    ///< (R - mean) / (std + eps) in the group, std over n - 1
  kDrGrpo,  ///< R - mean
  kRloo,    ///< R_i - mean of the others
  kGdpo,    ///< GRPO for each component, weighted sum, whitened over the batch
};

/// REQUIRES: one of the words that `rl.advantage` accepts.
AdvantageKind advantage_of(const std::string& word);

/// What became of a batch of groups.
struct AdvantageStats {
  int64_t groups = 0;        ///< given
  int64_t too_few = 0;       ///< dropped: fewer than two scores
  int64_t zero_spread = 0;   ///< dropped: scores, but all alike
  int64_t trajectories = 0;  ///< trained
  int64_t unscored = 0;      ///< outcomes that are no score, in all groups
  int64_t clipped = 0;       ///< sampled tokens whose |A| exceeded kAdvantageLimit
  double abs_max = 0;        ///< largest |A| of a sampled token before that cut
};

/// A of each token of one trajectory, 0 where it was not sampled; nothing when the trajectory is
/// not trained.
using TokenAdvantages = std::optional<std::vector<float>>;

/// Whether the answers of a group teach anything: two scores or more, and some return that the
/// advantage looks at differs.
bool has_spread(const ScoredGroup& group, AdvantageKind kind);

/// Advantages of each trajectory, [group][trajectory]. Only outcomes of kind kScore enter the
/// statistics and are trained; groups without spread are dropped before any division.
std::vector<std::vector<TokenAdvantages>> token_advantages(std::span<const ScoredGroup> groups,
                                                           AdvantageKind kind,
                                                           AdvantageStats& stats);

/// The trained trajectories as items behind their prompts, dropped groups left out: what the
/// packing of a policy step takes. Masks are `sampled`, old log-probs are those of the draw.
std::vector<TrainingGroup> policy_training_groups(std::span<const ScoredGroup> groups,
                                                  const RlConfig& config, AdvantageStats& stats);

}  // namespace nelumbo
