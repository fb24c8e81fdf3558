// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
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
/// of a group are made of. REQUIRES: outcome.process > 0.
double unpenalised_total(const Outcome& outcome);

}  // namespace nelumbo
