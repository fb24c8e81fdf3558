// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "actors/restart_budget.h"
#include "apps/fault_report.h"
#include "base/error.h"
#include "base/process_watch.h"

namespace nelumbo {

/// Whom a `Supervisor` watches over.
struct Supervised {
  std::string place;                            ///< directory of the run; need not be there yet
  int64_t restarts = 0;                         ///< within `window`
  double window = 300;                          ///< seconds
  double hung_after = 0;                        ///< seconds without a sign of life; 0: never
  std::function<void(const std::string&)> say;  ///< gets lines for people
};

/// What a supervised run came to.
struct SupervisedEnd {
  int code = 0;                ///< exit code for the parent
  std::optional<Error> error;  ///< why, where the last process could not say it itself
};

/// The parent of a run's process: starts it as a fork, and again when it died in a way that may
/// pass, for as long as the budget lasts. Each death leaves a report in PLACE/faults and a line.
/// Not gone on with: a run that ended by itself (done, wrong input, diverged, preempted), one that
/// was asked to stop, and one whose step fails in the same way twice.
class Supervisor {
 public:
  explicit Supervisor(Supervised what);

  /// Does the run in forks until it is over. Returns in the forks, too: none, and there the caller
  /// does the run as the `attempt()`-th process.
  /// REQUIRES: the process has one thread; what SIGTERM does in a fork is arranged before.
  std::optional<SupervisedEnd> run();
  /// From 1.
  int64_t attempt() const { return attempt_; }
  /// Seconds since the first fork.
  double seconds() const;

 private:
  using Clock = std::chrono::steady_clock;

  /// What follows the end of a fork: a last word, or nothing, and then there is another fork.
  std::optional<SupervisedEnd> conclude(const ProcessEnd& end);
  /// Charges the prompts that the fork crashed over; whether one is now in quarantine.
  bool quarantines(const ProcessEnd& end) const;
  SupervisedEnd stopped(const ProcessEnd& end) const;
  SupervisedEnd give_up(const Fault& fault, const Verdict& verdict);
  /// Writes the report and says the cause with what follows.
  void tell(const Fault& fault, const std::string& decision) const;

  Supervised what_;
  RestartBudget budget_;
  ProcessWatch watch_;
  int64_t attempt_ = 0;
  Clock::time_point begin_ = Clock::now();
};

}  // namespace nelumbo
