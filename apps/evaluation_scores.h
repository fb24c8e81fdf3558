// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "reward/reward.h"

namespace nelumbo {

/// How intervals are drawn.
struct IntervalOptions {
  int64_t resamples = 1000;
};

/// What one pass over prompts came to.
struct PassScores {
  nlohmann::json evaluation;              ///< scores of tasks and prompts, as it is stored
  std::map<std::string, double> metrics;  ///< under their full names
  std::optional<double> mean_reward;      ///< over tasks; none when nothing was a score
};

/// Scores a pass. REQUIRES: `mode` is the name of an EvaluationMode.
PassScores score_pass(const std::string& mode, std::span<const ScoredGroup> groups,
                      const IntervalOptions& options);

/// The evaluation of one policy: its name for people, and its passes as `PassScores::evaluation`.
struct PolicyEvaluation {
  std::string name;
  int64_t step = 0;
  nlohmann::json passes = nlohmann::json::array();
};

/// evaluation.json of policies in the order of training:
///
///     {"policies": [{"name": "before RL", "step": 900, "sets": [{"name": "locate", "mode":
///       "greedy", "n": 72, "score": 0.67, "low": 0.62, "high": 0.71, "reward": 0.7, ...}],
///       "benchmark": {"classes": {...}, ...}}, ...],
///      "paired": [{"name": "locate", "compared": "sampled reward: after RL - before RL", "n": 72,
///       "difference": 0.12, "low": 0.08, "high": 0.16}, {"name": "medqa", "control": "shuffled",
///       "consistency": 0.8, ...}, ...],
///      "baselines": [{"set": "locate", "name": "constant mean box", "score": 0.2}, ...]}
///
/// Intervals of stored scores are drawn anew, whatever was drawn when they were stored. Paired are
/// the last policy with the first, by reward, score and recalled steps, and within the last greedy
/// answers with the controls; of shuffled choices, `consistency` is the share of prompts on which
/// the same option was chosen in both orders. `benchmark` is benchmark_json() of the greedy
/// answers. kBadData when a stored pass cannot be read.
Result<nlohmann::json> evaluation_json(const std::vector<PolicyEvaluation>& policies,
                                       const IntervalOptions& options);

/// Two policies evaluated on the same prompts, in one or in several pairs of runs (seeds).
struct PolicyPair {
  PolicyEvaluation base, other;
};

/// "paired" as above, other - base over the prompts of all pairs together. Questions along a path
/// also stand by how many texts name its rarest entity, as "multihop, named 2-5". kBadData when a
/// stored pass cannot be read, or nothing was asked of both.
Result<nlohmann::json> comparison_json(const std::vector<PolicyPair>& pairs,
                                       const IntervalOptions& options);

/// benchmark_json() of the greedy pass among `passes` (each as PassScores::evaluation), and where
/// there are controls, what they differ by ("controls", as in "paired" above). kInvalidConfig when
/// `suite` is none. REQUIRES: a greedy pass.
Result<nlohmann::json> suite_json(const nlohmann::json& passes, const std::string& suite,
                                  const IntervalOptions& options);

}  // namespace nelumbo
