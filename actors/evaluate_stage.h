// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "actors/crew.h"
#include "actors/stage.h"

namespace nelumbo {

/// Answers and scores each mode with the published weights. What is drawn depends on (seed, mode
/// name, prompt, sample, token) only, so two policies are compared on the same random numbers.
/// kPreempted as soon as `give_up` says true.
Result<std::vector<EvaluationAnswers>> answer_modes(
    Crew& crew, const std::vector<EvaluationPass>& modes, int64_t seed,
    const std::function<bool()>& give_up = [] { return false; });

/// Answers the source's prompts for an occasion and has them judged; with no prompts, nothing is
/// done and nothing judged. Traces are kept, except of a validation. Where the run is asked to stop
/// it ends at once, but for a validation, which is a part of its step.
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
