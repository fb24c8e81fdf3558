// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "actors/crew.h"

namespace nelumbo {

/// Groups that wait for a reward actor, oldest first. Each actor scores one at a time, so that a
/// deadline counts its work and not its queue.
class ScoreQueue {
 public:
  /// A group and the place of the actor that scores it; `attempt` times it went wrong before.
  struct Turn {
    size_t place = 0;
    Shared<Group> group;
    int64_t attempt = 0;
  };

  explicit ScoreQueue(int64_t actors = 0) : busy_(static_cast<size_t>(actors), false) {}

  void add(Shared<Group> group, int64_t attempt) {
    waiting_.push_back({0, std::move(group), attempt});
  }
  /// The next group, for an actor that is free, which is busy then.
  std::optional<Turn> next() {
    const auto free = std::ranges::find(busy_, false);
    if (waiting_.empty() || free == busy_.end())
      return std::nullopt;
    *free = true;
    Turn turn = std::move(waiting_.front());
    waiting_.pop_front();
    turn.place = static_cast<size_t>(free - busy_.begin());
    return turn;
  }
  void free(size_t place) { busy_[place] = false; }
  /// Forgets what waits.
  void clear() { waiting_.clear(); }
  /// Groups that wait or are being scored.
  int64_t size() const { return std::ranges::count(busy_, true) + std::ssize(waiting_); }

 private:
  std::vector<bool> busy_;  ///< by place
  std::deque<Turn> waiting_;
};

}  // namespace nelumbo
