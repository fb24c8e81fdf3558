// SPDX-License-Identifier: Apache-2.0
#include "kernels/team.h"

#include <atomic>
#include <numeric>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Team, RunsEachTaskOnce) {
  for (const int threads : {1, 2, 3, 5}) {
    Team team(threads);
    for (const int64_t tasks : {0, 1, 2, 3, 7, 100}) {
      std::vector<std::atomic<int>> seen(static_cast<size_t>(tasks));
      team.run(tasks, [&](int64_t i) { ++seen[static_cast<size_t>(i)]; });
      for (const auto& count : seen)
        EXPECT_EQ(count, 1) << threads << " threads, " << tasks << " tasks";
    }
  }
}

TEST(Team, RunsEachContiguousShareOnOneThread) {
  Team team(3);
  std::vector<std::thread::id> by(9);
  team.run(9, [&](int64_t i) { by[static_cast<size_t>(i)] = std::this_thread::get_id(); });
  for (const size_t begin : {0U, 3U, 6U}) {
    EXPECT_EQ(by[begin], by[begin + 1]);
    EXPECT_EQ(by[begin], by[begin + 2]);
  }
}

TEST(Team, ComputesOnSeveralThreadsAtOnce) {
  Team team(2);
  std::atomic<int> arrived{0};
  // Ends only if both tasks run at the same time.
  team.run(2, [&](int64_t) {
    ++arrived;
    while (arrived < 2)
      std::this_thread::yield();
  });
  EXPECT_EQ(arrived, 2);
}

TEST(Team, ServesCallersFromSeveralThreadsOneAfterTheOther) {
  Team team(2);
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::vector<int64_t> sums(4);
  std::vector<std::thread> callers;
  for (size_t c = 0; c < sums.size(); ++c) {
    callers.emplace_back([&, c] {
      for (int round = 0; round < 200; ++round) {
        std::vector<int64_t> parts(2);
        team.run(2, [&](int64_t i) {
          most = std::max(most.load(), ++inside);
          parts[static_cast<size_t>(i)] = i + 1;
          --inside;
        });
        sums[c] += std::accumulate(parts.begin(), parts.end(), int64_t{0});
      }
    });
  }
  for (std::thread& caller : callers)
    caller.join();
  EXPECT_EQ(sums, std::vector<int64_t>(4, 600));
  EXPECT_LE(most, 2);
}

TEST(Team, WakesMembersThatHaveParked) {
  Team team(2);
  std::atomic<int64_t> done{0};
  for (int round = 0; round < 3; ++round) {
    // Far longer than the members spin.
    volatile double x = 1;
    for (int i = 0; i < 2'000'000; ++i)
      x = x * 0.999 + 1;
    team.run(2, [&](int64_t) { ++done; });
  }
  EXPECT_EQ(done, 6);
}

TEST(TeamDeathTest, RefusesATaskThatCallsRun) {
  EXPECT_EXIT(
      {
        Team team(1);
        team.run(1, [&](int64_t) { team.run(1, [](int64_t) {}); });
      },
      testing::ExitedWithCode(70), "inside a task");
}

TEST(TeamDeathTest, RefusesATeamOfNobody) {
  EXPECT_EXIT(Team team(0), testing::ExitedWithCode(70), "a team of 0 threads");
}

}  // namespace
}  // namespace nelumbo
