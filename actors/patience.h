// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

namespace nelumbo {

/// How long a group of one kind may take until who answers it is called slow: six times the lower
/// quartile of what the latest took. Answers differ in length by far, so that a small multiple
/// would call whoever got a long one slow; and even where half of the groups are with slow ones,
/// the lower quartile is that of the others.
class Patience {
 public:
  using Time = std::chrono::nanoseconds;

  /// Below this nothing is slow.
  static constexpr std::chrono::milliseconds kLeast{250};
  /// Nothing is known from fewer groups, and no more are remembered.
  static constexpr size_t kFewest = 8, kMost = 64;

  /// A group was answered within `time`. It counts from the next settle() on, or once there are
  /// kMost such: of groups that began together, the first to end say too little of the others.
  void took(Time time);
  /// All that began together have ended.
  void settle();
  /// None until enough is known.
  std::optional<Time> limit() const { return limit_; }
  /// For how long nothing is given to who is slow: so long that trying it again, which costs about
  /// one limit, takes a twentieth of the time.
  static Time rest(Time limit);

 private:
  std::deque<Time> last_;
  std::vector<Time> fresh_;  ///< and not settled
  std::optional<Time> limit_;
};

}  // namespace nelumbo
