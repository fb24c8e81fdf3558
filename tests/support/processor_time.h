// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>

namespace nelumbo {

/// What the calling thread has had of a processor.
inline double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace nelumbo
