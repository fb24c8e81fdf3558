// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/crew.h"

namespace nelumbo {

/// The groups that are being answered and scored: those of a job, which go back together and in
/// the order of their ids, or those that are fed, which go back as they come. Knows no actor and
/// reads no clock.
class AnswerBook {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Nothing is asked for that was not given back.
  bool empty() const { return !open_; }
  /// What is asked for may grow, and weights may change meanwhile.
  bool is_fed() const { return open_ && fed_; }
  /// Of the job, or of what is fed since the book was empty.
  int64_t number() const { return number_; }
  /// Of its samples in the ledger; none: they are not recorded.
  std::optional<uint32_t> incarnation() const { return open_ ? incarnation_ : std::nullopt; }

  /// Opens it for a job, or for what is fed. REQUIRES: empty().
  void open(bool fed);
  /// REQUIRES: !empty().
  void add(const AnswerJob& job, Time now);
  /// Takes a scored group; one of another number is no event.
  void collect(int64_t number, ScoredGroup scored, Time now);
  /// What may go back now; the book is empty when that is all.
  std::optional<std::vector<ScoredGroup>> take();
  /// Forgets everything.
  void clear(Time now);

  /// Seconds in which groups were being answered; of a job that goes on, none yet.
  double seconds(Time now) const;
  /// "3 of 4 groups": what is left.
  std::string text() const;

 private:
  bool open_ = false, fed_ = false;
  int64_t number_ = 0;
  std::optional<uint32_t> incarnation_;
  std::vector<ScoredGroup> scored_;
  int64_t groups_ = 0, left_ = 0;
  Time since_{};        ///< when groups began to be answered
  double seconds_ = 0;  ///< up to then
};

}  // namespace nelumbo
