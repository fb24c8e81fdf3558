// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "base/error.h"
#include "base/fields.h"

namespace nelumbo {

/// When the IoU threshold of a localisation reward rises.
struct IouCurriculumConfig {
  double start = 0.3;
  double end = 0.75;
  int64_t window = 30;
  double hit_rate = 0.6;
  double deviation = 0.35;
  double margin = 0.1;

  template <class V>
  void fields(V& v) {
    v(start, "start", "The first threshold.", Between{0.01, 1});
    v(end, "end", "The last threshold.", Between{0.01, 1});
    v(window, "window", "Steps that are looked at before it may rise.", Positive{});
    v(hit_rate, "hit_rate", "Least share of answers at or over the threshold.", Between{0, 1});
    v(deviation, "deviation", "Largest standard deviation of the IoU.", NonNegative{});
    v(margin, "margin", "Least mean IoU over the threshold.", NonNegative{});
  }

  Result<void> validate() const {
    if (end < start)
      return Error{Errc::kInvalidConfig, "end: must be >= start"};
    return {};
  }
};

/// The threshold as a state machine. Owned by one thread.
class IouCurriculum {
 public:
  explicit IouCurriculum(const IouCurriculumConfig& config)
      : config_(config), threshold_(config.start) {}

  double threshold() const { return threshold_; }

  /// Takes the IoUs of one training step and returns whether the threshold rose.
  bool observe(const std::vector<double>& ious);

 private:
  bool ready() const;
  double next_rise() const;

  IouCurriculumConfig config_;
  double threshold_;
  int64_t rises_ = 0;
  std::deque<std::vector<double>> window_;
};

}  // namespace nelumbo
