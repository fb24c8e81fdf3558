// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "kernels/team.h"
#include "learner/learner.h"
#include "learner/shards.h"
#include "model/network.h"
#include "model/weights.h"

namespace nelumbo {

/// The learner of a policy that trains score models beside it: reward_model and prm leave the
/// policy as it is. Its state has that of the score model under "score_model/". As make_learner(),
/// which is this.
std::unique_ptr<Learner> make_scoring_learner(const Network& network, const WeightSet& weights,
                                              Team& team, uint64_t seed, LearnerRanks ranks);

}  // namespace nelumbo
