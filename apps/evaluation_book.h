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

/// The passes over the validation prompts of one occasion: greedy and sampled always; with
/// controls, before and after RL, also a blank picture and no tools, both greedy.
std::vector<EvaluationPass> evaluation_modes(const Materials& materials, Occasion occasion);

/// Keeps what evaluations of one run said: `evaluation/<before|after>.json` with the score of every
/// prompt, and `evaluation.json` with scores, 95 % intervals, paired differences and baselines.
/// What was written before a stop is read back, so that a resumed run compares with the same
/// numbers.
class EvaluationBook {
 public:
  /// `directory` is the run's, and exists.
  EvaluationBook(std::shared_ptr<const Materials> materials, std::string directory);

  /// Metrics under their full names; the value is the mean sampled reward over the tasks. Called
  /// from one thread at a time.
  Judgement judge(const EvaluationPlace& place, const std::vector<EvaluationAnswers>& answers);

  /// What could not be written, if anything.
  std::optional<Error> failure() const { return failure_; }

 private:
  void record(Occasion occasion, const PolicyEvaluation& policy);
  void keep(const Result<void>& written);

  std::shared_ptr<const Materials> materials_;
  std::string directory_;
  std::optional<Error> failure_;
};

}  // namespace nelumbo
