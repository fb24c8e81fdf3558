// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "actors/pipeline.h"
#include "apps/evaluation_scores.h"
#include "apps/materials.h"

namespace nelumbo {

/// What is asked, one behind the other.
using Prompts = std::vector<std::shared_ptr<const Prompt>>;

/// The controls of greedy answers to `asked`: with the blank pictures and with the shuffled choices
/// that are given, and those about pictures without tools. One that has no prompt is left out.
std::vector<EvaluationPass> control_passes(const Prompts& asked, const Prompts& blank,
                                           const Prompts& shuffled, const Sampling& greedy);

/// The two passes of an occasion without controls: each prompt greedily and sampled, within RL
/// once.
std::vector<EvaluationPass> plain_passes(const RunConfig& config, const Prompts& asked,
                                         Occasion occasion);

/// The passes of one occasion: the validation prompts greedily and sampled, and before and after
/// RL, where they are wanted, the controls. Exams, which RL does not train, are not asked in
/// between.
std::vector<EvaluationPass> evaluation_modes(const Materials& materials, Occasion occasion);

/// What a run recorded about its trained policy. kInvalidConfig when `directory` holds none,
/// kBadData when it is damaged.
Result<PolicyEvaluation> read_final_evaluation(const std::string& directory);

/// Keeps what evaluations of one run said: `evaluation/<before|after>.json` with the score of every
/// prompt, and `evaluation.json` with scores, 95 % intervals, paired differences and baselines.
/// What was written before a stop is read back, so that a resumed run compares with the same
/// numbers.
class EvaluationBook {
 public:
  /// `directory` is the run's, and exists.
  EvaluationBook(const RunConfig& config, std::string directory);

  /// Metrics under their full names; the value is the mean sampled reward over the tasks asked.
  /// Called from one thread at a time.
  Judgement judge(const EvaluationPlace& place, const std::vector<EvaluationAnswers>& answers);

  /// What could not be written, if anything.
  std::optional<Error> failure() const { return failure_; }

 private:
  void record(Occasion occasion, const PolicyEvaluation& policy);
  void keep(const Result<void>& written);

  IntervalOptions intervals_;
  bool has_rl_;
  std::string directory_;
  std::optional<Error> failure_;
};

}  // namespace nelumbo
