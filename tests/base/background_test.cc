// SPDX-License-Identifier: Apache-2.0
#include "base/background.h"

#include <algorithm>
#include <thread>

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace nelumbo {
namespace {

int nice_of_this_thread() {
  return ::getpriority(PRIO_PROCESS, 0);
}

TEST(Background, IsOfTheCallingThreadAlone) {
  const int before = nice_of_this_thread();
  int within = 0;
  std::thread([&within] {
    work_in_background();
    within = nice_of_this_thread();
  }).join();
  EXPECT_EQ(within, std::max(19, before));
  EXPECT_EQ(nice_of_this_thread(), before);
}

}  // namespace
}  // namespace nelumbo
