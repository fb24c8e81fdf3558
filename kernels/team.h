// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace nelumbo {

/// The compute threads of a process. All parallel work goes through one team; whoever computes
/// borrows it for one call of `run`. Concurrent callers wait for one another, in no fixed order, so
/// nothing computed may depend on who came first.
class Team {
 public:
  /// `threads` counts the caller; 1 starts no thread. REQUIRES: threads >= 1.
  explicit Team(int threads);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int threads() const;

  /// Calls `task(i)` once for each i in [0, tasks) and returns when all are done. The tasks are
  /// split statically into one contiguous share for each thread; the share of a member that is late
  /// is done by another. Idle members spin at most 50 us, then park. A task must not call `run`.
  void run(int64_t tasks, const std::function<void(int64_t)>& task);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace nelumbo
