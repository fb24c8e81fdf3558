// SPDX-License-Identifier: Apache-2.0
#include "base/background.h"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <thread>

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace nelumbo {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

int nice_of_this_thread() {
  return ::getpriority(PRIO_PROCESS, 0);
}

/// Milliseconds of processor time of the calling thread.
double computed() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

void compute(double time) {
  for (const double end = computed() + time; computed() < end;) {
  }
}

TEST(Background, IsOfItsOwnThreadAlone) {
  const int before = nice_of_this_thread();
  BackgroundWork<int> work([] { return nice_of_this_thread(); });
  EXPECT_EQ(work.take(), std::max(19, before));
  EXPECT_EQ(nice_of_this_thread(), before);
  EXPECT_FALSE(work.valid());
}

TEST(Background, RestsWhileNobodyWaits) {
  std::atomic<bool> done = false;
  BackgroundWork<double> work([&done] {
    const auto begin = steady_clock::now();
    for (int i = 0; i < 3; ++i) {
      compute(2);
      give_way();
    }
    done = true;
    return std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count();
  });
  while (!done)
    std::this_thread::sleep_for(milliseconds(1));
  EXPECT_GE(work.take(), 3 * 20 * 2);
}

TEST(Background, HurriesAsSoonAsSomebodyWaits) {
  // Its rests last some 100 ms each, and nothing where it is hurried: then it ends.
  const auto work = [] {
    for (;;) {
      compute(5);
      const auto begin = steady_clock::now();
      give_way();
      if (steady_clock::now() - begin < milliseconds(50))
        return 7;
    }
  };
  EXPECT_EQ(BackgroundWork<int>(work).take(), 7);
  BackgroundWork<int> other(work);
  other.wait();
  EXPECT_TRUE(other.done_within(milliseconds(0)));
  BackgroundWork<int> dropped(work);
}

TEST(Background, WakesWhoRests) {
  Haste haste;
  std::thread resting([&haste] { haste.sleep(std::chrono::hours(1)); });
  haste.hurry();
  resting.join();
  haste.sleep(std::chrono::hours(1));  // nor does it rest any more
}

TEST(Background, OtherThreadsNeverRest) {
  compute(500);
  const auto begin = steady_clock::now();
  give_way();
  EXPECT_LT(steady_clock::now() - begin, milliseconds(19 * 500));
}

}  // namespace
}  // namespace nelumbo
