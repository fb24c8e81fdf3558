// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace nelumbo {

/// Seconds of a configuration as a duration of clocks. REQUIRES: less than 292 years.
inline std::chrono::nanoseconds duration_of(double seconds) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double>(seconds));
}

}  // namespace nelumbo
