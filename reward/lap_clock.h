// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <utility>

namespace nelumbo {

/// Says what each of several things took that are done one behind the other, by one look at the
/// clock for each.
class LapClock {
 public:
  /// Nanoseconds since it was made, or since the last call.
  int64_t lap() {
    const auto now = std::chrono::steady_clock::now();
    const auto passed = now - std::exchange(last_, now);
    return std::chrono::duration_cast<std::chrono::nanoseconds>(passed).count();
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace nelumbo
