// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "base/error.h"
#include "learner/config.h"
#include "learner/health.h"
#include "learner/step_sums.h"

namespace nelumbo {

/// What a step is judged by before it is applied.
struct StepSigns {
  double loss = 0;
  double gradient_norm = 0;
  double kl = 0;  ///< mean over tokens; 0 where they were drawn by these weights
};

/// Finds steps that leap out of those before them, upwards.
class SpikeAlarm {
 public:
  static constexpr int64_t kWindow = 32;  ///< steps that one is compared with, at most
  static constexpr int64_t kLeast = 8;    ///< and at least: before, nothing is a spike

  /// How many robust deviations each sign lies above its median, at least 0:
  ///
  ///     (x - median) / max(1.4826 median|x - median|, 0.1 |median|, 0.001)
  ///
  /// Example: after losses of about 2 +- 0.1, a loss of 4 has 10.
  StepSigns deviations(const StepSigns& signs) const;
  /// Takes a step that was applied into the window.
  void keep(const StepSigns& signs);

  std::vector<float> state() const;
  Result<void> restore(const std::vector<float>& state);

 private:
  std::array<std::deque<float>, 3> latest_;  ///< losses, norms, KLs: equally many
};

/// Decides whether a step is applied, from its signs alone: every rank decides the same.
class StepGuard {
 public:
  /// False: skip it. kDiverged where too many in a row were skipped. Adds to `metrics`:
  ///
  ///     optim/skipped                   steps that were not applied so far
  ///     guard/{loss,grad_norm,kl}       robust deviations above the median (SpikeAlarm)
  ///     guard/spikes                    steps so far that had one of at least config.spike
  ///     guard/withheld                  1: this step is not applied
  Result<bool> admit(const StepSigns& signs, const GuardConfig& config, Metrics* metrics);

  int64_t skipped() const { return nan_.skipped(); }
  std::vector<float> state() const;
  Result<void> restore(const std::vector<float>& state);

 private:
  NanGuard nan_;
  SpikeAlarm alarm_;
  int64_t spikes_ = 0;
};

}  // namespace nelumbo
