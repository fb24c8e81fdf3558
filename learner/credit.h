// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "reward/reward.h"

namespace nelumbo {

/// gamma of each of a trajectory's `tokens` tokens: the smallest factor of the steps that it lies
/// in, 1 outside every step.
std::vector<double> step_factors(const std::vector<StepFactor>& steps, int64_t tokens);

/// The return of a token in a step with this factor. A negative return is left alone: scaled
/// towards 0 it would reward the fault.
double penalised(double value, double factor);

/// What the answer earned before the process layer took its part: the return that the statistics
/// of a group are made of. `process_share` is the layer's weight in the total, which stays in the
/// return of the form sum. REQUIRES: outcome.process > 0 as a multiplier.
double outcome_return(const Outcome& outcome, double process_share);

/// What step credit looks at of one answer.
struct SteppedAnswer {
  std::span<const StepFactor> steps;  ///< all of them, in their order
  std::span<const uint8_t> sampled;   ///< of each token
};

/// Whether the steps of a group's answers differ in score, in the forms min and token.
bool steps_spread(std::span<const SteppedAnswer> answers);

/// What the steps add to the advantage of each token, [answer][token], before the layer's weight,
/// in the forms min and token; `divide` by the deviation of the scores, as GRPO does (token only).
/// REQUIRES: steps_spread.
std::vector<std::vector<double>> step_advantages(std::span<const SteppedAnswer> answers,
                                                 StepCredit credit, bool divide);

}  // namespace nelumbo
