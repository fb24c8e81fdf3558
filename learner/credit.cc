// SPDX-License-Identifier: Apache-2.0
//
// Process credit as a multiplier (SPAR): a token t of step j(t) is credited with the return
// gamma_j R instead of R, where gamma_j = 1 for a clean step. Baselines and spreads come from R.
//
// The trap: gamma multiplies the return, never the advantage. 0.1 times a negative advantage would
// make a wrong answer with a fault better than one without.
#include "learner/credit.h"

#include <algorithm>

#include "base/check.h"

namespace nelumbo {

std::vector<double> step_factors(const std::vector<StepFactor>& steps, int64_t tokens) {
  std::vector<double> factors(static_cast<size_t>(tokens), 1);
  for (const StepFactor& step : steps) {
    NELUMBO_CHECK(step.factor >= 0 && step.factor <= 1)
        << "step factor " << step.factor << " (" << step.reason << ") is not in [0, 1]";
    const int64_t last = std::min(step.last_token, tokens);
    for (int64_t t = std::max<int64_t>(step.first_token, 0); t < last; ++t)
      factors[t] = std::min(factors[t], step.factor);
  }
  return factors;
}

double penalised(double value, double factor) {
  return value > 0 ? factor * value : value;
}

double unpenalised_total(const Outcome& outcome) {
  // A gate's value replaces the total; no factor was applied to it.
  if (!outcome.gate.empty() || outcome.process == 1)
    return outcome.total;
  NELUMBO_CHECK(outcome.process > 0) << "a process factor of 0 hides what the answer earned";
  const double earned = outcome.total - outcome.shaping;
  // What rubric points make negative was not scaled.
  return (earned > 0 ? earned / outcome.process : earned) + outcome.shaping;
}

}  // namespace nelumbo
