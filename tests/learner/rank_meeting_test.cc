// SPDX-License-Identifier: Apache-2.0
#include "learner/rank_meeting.h"

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "learner/nccl_device.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

Deadline in(double seconds) {
  return std::chrono::steady_clock::now() + std::chrono::milliseconds(int64_t(1000 * seconds));
}

/// Runs every rank on a thread of its own; what each returned.
std::vector<std::string> on_ranks(int64_t size,
                                  const std::function<std::string(Collectives&)>& work) {
  const auto meeting = RankMeeting::in_process();
  std::vector<std::string> said(static_cast<size_t>(size));
  std::vector<std::thread> threads;
  for (int64_t r = 0; r < size; ++r)
    threads.emplace_back([&, r] {
      auto ranks = meeting->join(r, size, in(20));
      said[static_cast<size_t>(r)] = ranks ? work(*ranks.value()) : ranks.error().message;
    });
  for (std::thread& thread : threads)
    thread.join();
  return said;
}

std::string text(const Result<void>& result) {
  return result ? "" : result.error().message;
}

TEST(RankMeeting, PiecesOfASumAreAddedInRankOrder) {
  // (1e8 + 1) - 1e8 is 0 in fp32, where (1e8 - 1e8) + 1 is 1.
  const std::vector<std::vector<float>> given = {{1e8F, 1, 2}, {1, 10, 20}, {-1e8F, 100, 200}};
  const auto said = on_ranks(3, [&](Collectives& ranks) {
    std::vector<float> mine(1);
    const auto done =
        ranks.reduce_scatter_sum(given[static_cast<size_t>(ranks.rank())], mine, in(20));
    return text(done) + std::to_string(mine[0]);
  });
  EXPECT_EQ(said, (std::vector<std::string>{"0.000000", "111.000000", "222.000000"}));
}

TEST(RankMeeting, WhatTheRanksGiveComesInRankOrder) {
  on_ranks(2, [&](Collectives& ranks) {
    const auto r = static_cast<double>(ranks.rank());
    std::vector<double> all(4);
    EXPECT_TRUE(ranks.all_gather(std::vector<double>{r, 1e-300 + r}, all, in(20)).ok());
    EXPECT_EQ(all, (std::vector<double>{0, 1e-300, 1, 1e-300 + 1}));
    std::vector<float> few(2);
    EXPECT_TRUE(ranks.all_gather(std::vector<float>{5 + float(r)}, few, in(20)).ok());
    EXPECT_EQ(few, (std::vector<float>{5, 6}));
    EXPECT_TRUE(ranks.barrier(in(20)).ok());
    return std::string();
  });
}

TEST(RankMeeting, ACallThatOneRankMissesNamesIt) {
  const auto said = on_ranks(3, [&](Collectives& ranks) {
    if (ranks.rank() == 1) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1500));
      return std::string();
    }
    const std::string first = text(ranks.barrier(in(0.3)));
    EXPECT_EQ(text(ranks.barrier(in(20))), first) << "later calls answer the same";
    return first;
  });
  EXPECT_NE(said[0].find("learner rank 0 of 3 waited in all_gather 1: rank 1 did not come"),
            std::string::npos)
      << said[0];
  EXPECT_NE(said[2].find("rank 1 did not come"), std::string::npos) << said[2];
}

TEST(RankMeeting, ARankThatEndsFreesTheOthersAtOnce) {
  const auto begin = std::chrono::steady_clock::now();
  const auto said = on_ranks(2, [&](Collectives& ranks) {
    return ranks.rank() == 0 ? text(ranks.barrier(in(60))) : std::string();
  });
  EXPECT_NE(said[0].find("rank 1 did not come"), std::string::npos) << said[0];
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

TEST(RankMeeting, AnAbortEndsTheCallThatWaits) {
  const auto said = on_ranks(2, [&](Collectives& ranks) {
    if (ranks.rank() == 1) {
      std::this_thread::sleep_for(std::chrono::milliseconds(500));
      return std::string();
    }
    std::thread other([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      ranks.abort();
    });
    const std::string said_here = text(ranks.barrier(in(60)));
    other.join();
    return said_here;
  });
  EXPECT_NE(said[0].find("was aborted"), std::string::npos) << said[0];
}

TEST(RankMeeting, WhoComesToAnEmptyMeetingIsToldAtTheDeadline) {
  const auto alone = RankMeeting::in_process()->join(0, 2, in(0.2));
  ASSERT_FALSE(alone.ok());
  EXPECT_EQ(alone.error().code, Errc::kUnavailable);
  EXPECT_NE(alone.error().message.find("learner rank 0 of 2 could not meet the others"),
            std::string::npos);
}

TEST(RankMeeting, OverNcclNeedsAGpu) {
  if (require_nccl(2).ok())
    GTEST_SKIP() << "there are two, and NCCL";
  const auto meeting = RankMeeting::in_process(rank_link("nccl"));
  const auto second = meeting->join(1, 2, in(60));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, Errc::kEnvironment);
  EXPECT_EQ(second.error().message, require_nccl(2).error().message);
  EXPECT_EQ(rank_link("gloo"), RankLink::kGloo);
}

TEST(RankMeeting, ProcessesMeetAtAFile) {
  const TemporaryFolder scratch;
  const std::string path = scratch / "meeting";
  const auto sum = [&](int64_t rank) {
    auto ranks = RankMeeting::at_file(path)->join(rank, 2, in(20));
    std::vector<float> mine(1);
    const bool done = ranks.ok() && ranks.value()->reduce_scatter_sum(
                                        std::vector<float>{1, float(10 + rank)}, mine, in(20));
    return done ? static_cast<int>(mine[0]) : -1;
  };
  const pid_t child = fork();
  if (child == 0)
    _exit(sum(1) == 21 ? 0 : 1);
  EXPECT_EQ(sum(0), 2);
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace nelumbo
