// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace nelumbo {

// Watches over a learner's steps. Each class is a few numbers and a rule; `state` gives the numbers
// as floats for a checkpoint, exactly, and `restore` takes them back (kBadData: not such numbers).

/// Refuses steps whose loss or gradient is not finite.
class NanGuard {
 public:
  static constexpr int64_t kPatience = 3;  ///< refused steps in a row that end the run

  /// True: apply the step. False: skip it, which is counted. kDiverged at kPatience in a row.
  /// `unwanted`: is skipped though all is finite.
  Result<bool> admit(double loss, double gradient_norm, bool unwanted = false);

  int64_t skipped() const { return skipped_; }
  std::vector<float> state() const;
  Result<void> restore(const std::vector<float>& state);

 private:
  int64_t skipped_ = 0;
  int64_t in_a_row_ = 0;
};

/// Stops a run whose groups no longer differ: nothing is learnt from them.
class ZeroSpreadAlarm {
 public:
  static constexpr int64_t kWindow = 10;  ///< steps

  /// `limit`: mean share of groups without spread, over kWindow steps, at which it sounds.
  explicit ZeroSpreadAlarm(double limit) : limit_(limit) {}

  /// Takes a step's share; kDiverged once the last kWindow shares are at the limit on average.
  Result<void> see(double share);

  std::vector<float> state() const { return {shares_.begin(), shares_.end()}; }
  Result<void> restore(const std::vector<float>& state);

 private:
  double limit_;
  std::deque<float> shares_;
};

/// Keeps a policy from collapsing: while its entropy is below a share of the first step's, the
/// entropy bonus carries an extra that starts at 0.001 and grows by 0.001 with each step, up to
/// 0.005. Above the floor there is no extra.
class EntropyFloor {
 public:
  static constexpr double kExtraStep = 0.001;
  static constexpr int64_t kMostSteps = 5;
  static constexpr int64_t kCollapse = 20;  ///< steps in a row below it that are a collapse

  EntropyFloor(double bonus, double share) : bonus_(bonus), share_(share) {}

  /// Takes a step's mean entropy; the first one sets the floor. An alarm when it falls below it.
  std::optional<std::string> see(double entropy);

  /// The bonus of the next step.
  double bonus() const {
    return bonus_ + kExtraStep * static_cast<double>(std::min(below_, kMostSteps));
  }
  /// Steps in a row that have been below the floor, at most kCollapse.
  int64_t below() const { return below_; }

  std::vector<float> state() const;
  Result<void> restore(const std::vector<float>& state);

 private:
  double bonus_;
  double share_;
  std::optional<float> first_;
  int64_t below_ = 0;
};

}  // namespace nelumbo
