// SPDX-License-Identifier: Apache-2.0
#include "base/background.h"

#include <sys/resource.h>
#include <unistd.h>

namespace nelumbo {

void work_in_background() {
  constexpr int kNice = 19;
  // Linux has a priority for each thread.
  const auto thread = static_cast<id_t>(::gettid());
  if (::getpriority(PRIO_PROCESS, thread) < kNice)
    ::setpriority(PRIO_PROCESS, thread, kNice);
}

}  // namespace nelumbo
