// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "reward/reward.h"

namespace nelumbo {

/// How much there is of a simulated run.
struct RunShape {
  int64_t steps = 48;
  int64_t groups = 16;  ///< of each step
  int64_t samples = 8;  ///< of each group
};

/// What is wrong with a simulated run.
enum class Plant {
  kNone,
  kLengthHack,  ///< a criterion is met the more the longer an answer is, and answers grow
  kBias,        ///< a criterion is met by 95 % of the answers with one word, by half of the others
};

/// Makes the scored groups of a run up, without a model or a specification: a policy that learns to
/// be right, answers whose length and words have nothing to do with whether they are, one rule term
/// (weight 0.7) and two criteria that are met by chance (0.18 and 0.12). The same for a seed.
void simulate_run(const RunShape& shape, uint64_t seed, Plant plant,
                  const std::function<void(int64_t step, const ScoredGroup& group)>& use);

}  // namespace nelumbo
