// SPDX-License-Identifier: Apache-2.0
#include "base/background.h"

#include <ctime>

#include <sys/resource.h>
#include <unistd.h>

namespace nelumbo {
namespace {

/// What a thread in the background knows; no haste in any other.
struct Share {
  Haste* haste = nullptr;
  std::chrono::nanoseconds computed{};  ///< when it last rested
};

thread_local Share t_share;

std::chrono::nanoseconds computed_by_this_thread() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

void Haste::hurry() {
  const std::lock_guard lock(mutex_);
  hurried_ = true;
  changed_.notify_all();
}

void Haste::sleep(std::chrono::nanoseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [this] { return hurried_; });
}

void work_in_background(Haste& haste) {
  constexpr int kNice = 19;
  // Linux has a priority for each thread.
  const auto thread = static_cast<id_t>(::gettid());
  if (::getpriority(PRIO_PROCESS, thread) < kNice)
    ::setpriority(PRIO_PROCESS, thread, kNice);
  t_share = {&haste, computed_by_this_thread()};
}

void give_way() {
  constexpr int kRests = 39;  // for each unit of work
  if (t_share.haste == nullptr)
    return;
  t_share.haste->sleep(kRests * (computed_by_this_thread() - t_share.computed));
  t_share.computed = computed_by_this_thread();
}

}  // namespace nelumbo
