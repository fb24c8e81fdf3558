// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/pipeline.h"
#include "base/progress.h"

namespace nelumbo {

/// Turns the metrics of a run into one progress line for each stage. Called from one thread at a
/// time.
class RunProgress {
 public:
  /// `planned` are the steps of each stage in order.
  RunProgress(std::vector<std::pair<std::string, int64_t>> planned, ProgressTarget target);

  void show(const MetricsLine& line);
  /// Ends the open line.
  void finish();

 private:
  void open(const std::string& stage, int64_t step);

  std::vector<std::pair<std::string, int64_t>> planned_;
  ProgressTarget target_;
  std::unique_ptr<Progress> line_;
  std::string stage_;
  std::string text_;
  int64_t first_ = 0;            ///< steps of all stages before the open one
  std::optional<int64_t> seen_;  ///< the latest step
};

/// The few numbers of a step that a person wants to see: "loss 1.31  recall 0.93".
std::string short_metrics(const MetricsLine& line);

}  // namespace nelumbo
