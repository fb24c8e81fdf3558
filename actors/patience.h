// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>

namespace nelumbo {

/// How long a group may take until who answers it is called slow: twice as long as any of the last
/// groups took. Answers differ in length by far, so a multiple of their mean would call whoever got
/// a long one slow.
class Patience {
 public:
  using Time = std::chrono::nanoseconds;

  /// Below this nothing is slow.
  static constexpr std::chrono::milliseconds kLeast{250};
  /// Nothing is known from fewer groups, and no more are remembered.
  static constexpr size_t kFewest = 8, kMost = 64;

  /// A group was answered within `time`.
  void took(Time time);
  /// None until enough is known.
  std::optional<Time> limit() const;
  /// For how long nothing is given to who is slow: so long that trying it again, which costs about
  /// one limit, takes a twentieth of the time.
  static Time rest(Time limit);

 private:
  std::deque<Time> last_;
};

}  // namespace nelumbo
