// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "actors/crew.h"
#include "actors/stage.h"

namespace nelumbo {

/// Answers and scores each mode with the published weights. What is drawn depends on (seed, mode
/// name, prompt, sample, token) only, so two policies are compared on the same random numbers.
Result<std::vector<EvaluationAnswers>> answer_modes(Crew& crew,
                                                    const std::vector<EvaluationPass>& modes,
                                                    int64_t seed);

/// Answers the source's prompts for an occasion and has them judged; with no prompts, nothing is
/// done and nothing judged. Traces are kept, except of a validation.
Result<std::optional<Judgement>> evaluate(StageContext& context, Occasion occasion);

/// The evaluate stage: one judgement of the final weights, one line of metrics.
class EvaluateStage {
 public:
  explicit EvaluateStage(StageContext& context) : context_(context) {}

  Result<void> run();

  const Metrics& validation() const { return validation_; }

 private:
  StageContext& context_;
  Metrics validation_;
};

}  // namespace nelumbo
