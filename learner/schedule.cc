// SPDX-License-Identifier: Apache-2.0
#include "learner/schedule.h"

#include <cmath>
#include <numbers>

namespace nelumbo {

double learning_rate(const OptimizerConfig& config, int64_t step, int64_t steps) {
  if (step < config.warmup)
    return config.lr * static_cast<double>(step + 1) / static_cast<double>(config.warmup);
  if (step >= steps)
    return config.lr_end;
  // Here warmup <= step < steps, so there is a way to go.
  const double progress =
      static_cast<double>(step - config.warmup) / static_cast<double>(steps - config.warmup);
  const double cosine = 0.5 * (1 + std::cos(std::numbers::pi * progress));
  return config.lr_end + (config.lr - config.lr_end) * cosine;
}

}  // namespace nelumbo
