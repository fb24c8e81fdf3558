// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace nelumbo {

/// A death of a run's process, as far as it decides whether there is a next one.
struct Death {
  /// What went wrong, the same text for the same failure; none where somebody else ended it
  /// (kill -9), which says nothing about the run.
  std::optional<std::string> failure;
  int64_t step = 0;  ///< the last one that was done
};

/// What follows a death.
struct Verdict {
  bool again = false;
  bool repeated = false;  ///< not again: the step fails each time that it is done
  int64_t number = 0;     ///< of restarts within the window, this one included
  std::chrono::milliseconds wait{};
};

/// Decides how often a run is gone on with: at most `restarts` times within `window`, never behind
/// the same failure at the same step, and after a wait that doubles while the run comes no further
/// than it was.
class RestartBudget {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr std::chrono::milliseconds kFirstWait{100};
  static constexpr std::chrono::milliseconds kLongestWait{10'000};

  RestartBudget(int64_t restarts, std::chrono::nanoseconds window)
      : restarts_(restarts), window_(window) {}

  /// REQUIRES: `now` never goes back.
  Verdict next(const Death& death, Clock::time_point now);

 private:
  int64_t restarts_;
  std::chrono::nanoseconds window_;
  std::deque<Clock::time_point> recent_;  ///< restarts within the window
  std::optional<Death> last_failure_;     ///< the latest death that has one
  std::optional<int64_t> furthest_;       ///< step of all deaths
  int64_t stuck_ = 0;                     ///< deaths since then
};

}  // namespace nelumbo
