// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "kernels/team.h"
#include "learner/learner.h"
#include "learner/shards.h"
#include "model/network.h"
#include "model/weights.h"

namespace nelumbo {

/// The learner of one rank: LibTorch's autograd over the shared kernels, AdamW. All ranks take the
/// same steps on the same groups, begin with the same weights and end with the same; what each
/// computes of a step is `rank_share`. `network` and
/// `team` must outlive it. Adapters begin with draws keyed by `seed`. The weights that the policy
/// is are rounded to the network's type after each step; the optimizer steps on fp32. REQUIRES:
/// weights in the network's order, that its type can store, here and in `restart`.
std::unique_ptr<Learner> make_learner(const Network& network, const WeightSet& weights, Team& team,
                                      uint64_t seed = 0, LearnerRanks ranks = {});

/// One network of it, alone: the policy, or the score model with that head, which only learns from
/// preferences.
std::unique_ptr<Learner> make_network_learner(const Network& network, const WeightSet& weights,
                                              Team& team, uint64_t seed, LearnerRanks ranks,
                                              std::optional<LinearSlot> score);

}  // namespace nelumbo
