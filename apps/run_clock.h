// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/metrics.h"

namespace nelumbo {

/// How long a run and its stages take, in all its processes. Each line of metrics carries both on,
/// so that a process that goes on knows what the earlier ones took, also those that were killed:
///
///     {"stage":"rl","step":12, .., "run/seconds":310.2,"run/stage_seconds":170.5}
///
/// What a process did behind its last line is counted where it left a summary. One thread uses it.
class RunClock {
 public:
  /// `seconds` is a clock that never steps back; this process began at its time `start`.
  RunClock(std::function<double()> seconds, double start);

  /// Adds what earlier processes took, by the lines that they wrote and the `summed` seconds of
  /// their last summary (0: none).
  void go_on(const std::vector<MetricsRow>& rows, double summed);
  /// Time from now on belongs to stages.
  void begin_stages();
  /// The two metrics of a step of `stage` that has just ended, its validations included.
  std::map<std::string, double> step(const std::string& stage);

  double seconds() const;
  const std::map<std::string, double>& stages() const { return stages_; }

 private:
  std::function<double()> now_;
  double start_;
  double last_;         ///< when the latest step ended
  double earlier_ = 0;  ///< seconds of earlier processes
  std::map<std::string, double> stages_;
};

}  // namespace nelumbo
