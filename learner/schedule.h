// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "learner/config.h"

namespace nelumbo {

/// The learning rate of `step` (from 0) of `steps`: it climbs linearly and is lr at step
/// warmup - 1, then follows half a cosine that would be at lr_end at `steps`. A step behind the
/// last keeps lr_end.
double learning_rate(const OptimizerConfig& config, int64_t step, int64_t steps);

}  // namespace nelumbo
