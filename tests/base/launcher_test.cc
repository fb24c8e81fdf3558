// SPDX-License-Identifier: Apache-2.0
#include "base/launcher.h"

#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Launcher, RunsTheTasksOfManyThreadsInOneOfItsOwn) {
  std::set<std::thread::id> where;
  int runs = 0;
  {
    Launcher launcher;
    std::vector<std::thread> callers;
    for (int i = 0; i < 8; ++i)
      callers.emplace_back([&] {
        for (int k = 0; k < 100; ++k)
          launcher.run([&] {
            where.insert(std::this_thread::get_id());
            ++runs;
          });
      });
    for (std::thread& caller : callers)
      caller.join();
  }
  EXPECT_EQ(runs, 800);
  EXPECT_EQ(where.size(), 1u);
  EXPECT_FALSE(where.contains(std::this_thread::get_id()));
}

}  // namespace
}  // namespace nelumbo
