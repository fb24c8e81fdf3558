// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "learner/learner.h"
#include "reward/reward.h"

namespace nelumbo {

/// How many outcomes of each kind there were.
struct OutcomeCounts {
  int64_t all = 0;
  int64_t invalid = 0;
  int64_t infra_error = 0;
  int64_t timeout = 0;

  /// Share of outcomes that are no scores; 0 of none.
  double no_score_rate() const;
  /// Share of outcomes that are errors or timeouts; 0 of none.
  double error_rate() const;
};

OutcomeCounts count_outcomes(const std::vector<ScoredGroup>& groups);

/// Tokens that the policy drew, observations left out.
int64_t sampled_tokens(const std::vector<ScoredGroup>& groups);

/// What is shown of a step's groups, those without spread included: reward/{mean,std,min,max},
/// reward/<layer or component>/mean, reward/task/<task>/mean, rollout/*, errors/*: counts of
/// each kind of outcome that is no score, and their rates. Means are over
/// outcomes of kind kScore.
Metrics group_metrics(const std::vector<ScoredGroup>& groups);

/// The version of the oldest token.
PolicyVersion oldest_version(const Group& group);

/// off_policy/{mean,max}: by how many versions the drawn tokens lag behind `current`. With `shares`
/// also off_policy/lag_<n>, the share of those that lag by n, and off_policy/swapped, the share of
/// answers in the middle of which other weights took over.
Metrics staleness_metrics(const std::vector<ScoredGroup>& groups, PolicyVersion current,
                          bool shares = false);

}  // namespace nelumbo
