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
/// that was aborted, answers kUnavailable and says which ranks did not come; every later call
/// answers that too: ranks may then disagree about what was done, so the group must be built anew.
///
/// Sums are added in rank order: equal bits on all ranks, in every repetition, and in whatever
/// pieces the values are summed.
class Collectives {
 public:
  virtual ~Collectives() = default;

  virtual int64_t rank() const = 0;
  virtual int64_t size() const = 0;

  /// `mine` becomes this rank's piece of the sum over ranks of `values`: the ranks' pieces lie
  /// behind one another. REQUIRES: values.size() == size() * mine.size().
  virtual Result<void> reduce_scatter_sum(std::span<const float> values, std::span<float> mine,
                                          Deadline deadline) = 0;
  /// `all` becomes what the ranks gave, in rank order. REQUIRES: all.size() == size() *
  /// mine.size().
  virtual Result<void> all_gather(std::span<const float> mine, std::span<float> all,
                                  Deadline deadline) = 0;
  virtual Result<void> all_gather(std::span<const double> mine, std::span<double> all,
                                  Deadline deadline) = 0;
  /// Returns when every rank has called it.
  virtual Result<void> barrier(Deadline deadline) = 0;
  /// Ends the call that another thread waits in, and every later one. May be called more than once.
  virtual void abort() = 0;
};

/// A learner alone: what it gives is what it gets.
class SingleRank : public Collectives {
 public:
  int64_t rank() const override { return 0; }
  int64_t size() const override { return 1; }
  Result<void> reduce_scatter_sum(std::span<const float> values, std::span<float> mine,
                                  Deadline deadline) override;
  Result<void> all_gather(std::span<const float> mine, std::span<float> all,
                          Deadline deadline) override;
  Result<void> all_gather(std::span<const double> mine, std::span<double> all,
                          Deadline deadline) override;
  Result<void> barrier(Deadline deadline) override;
  void abort() override { aborted_ = true; }

 private:
  Result<void> state() const;

  std::atomic<bool> aborted_ = false;
};

}  // namespace nelumbo
