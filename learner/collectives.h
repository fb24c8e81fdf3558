// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <span>

#include "base/error.h"

namespace nelumbo {

/// When a collective call gives up.
using Deadline = std::chrono::steady_clock::time_point;

/// What the ranks of a learner do together. Every rank makes the same calls in the same order, from
/// one thread; only `abort` may come from another. A call that cannot finish by its deadline, or
/// that was aborted, answers kUnavailable, and every later call does too: ranks may then disagree
/// about what was done, so the group must be built anew.
class Collectives {
 public:
  virtual ~Collectives() = default;

  virtual int64_t rank() const = 0;
  virtual int64_t size() const = 0;

  /// Replaces `values` on every rank by their sum over ranks, added in rank order: equal bits on
  /// all ranks.
  virtual Result<void> all_reduce_sum(std::span<float> values, Deadline deadline) = 0;
  /// Replaces `values` on every rank by those of `root`. REQUIRES: 0 <= root < size().
  virtual Result<void> broadcast(std::span<float> values, int64_t root, Deadline deadline) = 0;
  /// Returns when every rank has called it.
  virtual Result<void> barrier(Deadline deadline) = 0;
  /// Ends the call that another thread waits in, and every later one. May be called more than once.
  virtual void abort() = 0;
};

/// A learner alone: sums and broadcasts leave the values as they are.
class SingleRank : public Collectives {
 public:
  int64_t rank() const override { return 0; }
  int64_t size() const override { return 1; }
  Result<void> all_reduce_sum(std::span<float> values, Deadline deadline) override;
  Result<void> broadcast(std::span<float> values, int64_t root, Deadline deadline) override;
  Result<void> barrier(Deadline deadline) override;
  void abort() override { aborted_ = true; }

 private:
  Result<void> state() const;

  std::atomic<bool> aborted_ = false;
};

}  // namespace nelumbo
