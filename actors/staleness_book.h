// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "rollout/trajectory.h"

namespace nelumbo {

/// Which groups make a batch, so that none is ever trained more than S versions after it was
/// admitted, and how many may be admitted. A group holds a slot from its admission until it is
/// trained or dropped, of (S + 1) batches in all. Each is due S versions after its admission, and a
/// batch leaves no more groups due within n versions than n batches hold. For that it may have to
/// wait for one that is still being drawn, or to leave later ones to the next batch; otherwise it
/// takes what was answered first. Knows no actor.
///
/// Example, S = 1, batches of 2: a b c d are admitted at version 0. The first two to be answered, b
/// and d, are trained, and e and f admitted at version 1: the next batch waits for a and c.
class StalenessBook {
 public:
  /// REQUIRES: batch > 0, staleness >= 0.
  StalenessBook(int64_t batch, int64_t staleness, uint64_t version)
      : batch_(batch), staleness_(staleness), version_(version) {}

  /// Groups that may be admitted now.
  int64_t room() const { return (staleness_ + 1) * batch_ - std::ssize(due_); }
  /// Lets a group in whose tokens will be drawn by `version`, or later ones. REQUIRES: room() > 0,
  /// and it was not admitted before.
  void admit(GroupId id, uint64_t version);
  /// It is answered and may be trained.
  void arrive(GroupId id) { arrived_.push_back(id); }
  /// It holds no slot any more: it was dropped. REQUIRES: it has not arrived.
  void drop(GroupId id) { due_.erase(id); }
  /// The groups of the next batch, in the order of their arrival; none: it has to wait. `fewer`
  /// than a batch holds will do, where none of those that are left would be late.
  std::optional<std::vector<GroupId>> batch(bool fewer) const;
  /// Those groups were trained, or are dropped, and the weights have this version now.
  void advance(const std::vector<GroupId>& trained, uint64_t version);

  /// Groups that hold a slot.
  int64_t held() const { return std::ssize(due_); }
  /// Groups that are being answered.
  int64_t drawn() const { return std::ssize(due_) - std::ssize(arrived_); }

 private:
  /// By versions from now: how many groups due until then the next batch must take at least.
  std::vector<int64_t> owed() const;

  int64_t batch_;
  int64_t staleness_;
  uint64_t version_;
  std::map<GroupId, uint64_t> due_;  ///< the last version that may train it
  std::deque<GroupId> arrived_;
};

}  // namespace nelumbo
