// SPDX-License-Identifier: Apache-2.0
#include "learner/nccl_collectives.h"

#include <atomic>
#include <cmath>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "learner/rank_meeting.h"
#include "tests/support/host_nccl.h"
#include "tests/support/rank_store.h"

namespace nelumbo {
namespace {

/// What no call of a test may need: one that does has hung.
constexpr double kEver = 60;

Deadline in(double seconds) {
  return std::chrono::steady_clock::now() + std::chrono::milliseconds(int64_t(1000 * seconds));
}

using Made = Result<std::unique_ptr<Collectives>>;
using Maker = std::function<Made(int64_t rank)>;
using Work = std::function<std::string(std::unique_ptr<Collectives>)>;

/// Runs every rank on a thread of its own; what each returned.
std::vector<std::string> on_threads(int64_t size, const Maker& make, const Work& work) {
  std::vector<std::string> said(static_cast<size_t>(size));
  std::vector<std::thread> threads;
  for (int64_t r = 0; r < size; ++r)
    threads.emplace_back([&, r] {
      auto ranks = make(r);
      said[static_cast<size_t>(r)] = ranks ? work(std::move(ranks).value()) : ranks.error().message;
    });
  for (std::thread& thread : threads)
    thread.join();
  return said;
}

class NcclCollectives : public testing::Test {
 protected:
  std::vector<std::string> run(int64_t size, const Work& work) {
    return on_threads(
        size,
        [&](int64_t rank) { return nccl_ranks(world_->device(), board(rank, size), in(kEver)); },
        work);
  }
  RankBoard board(int64_t rank, int64_t size) const { return {store_, rank, size}; }

  std::shared_ptr<HostNccl> world_ = std::make_shared<HostNccl>();
  std::shared_ptr<c10d::Store> store_ = rank_store();
};

std::string text(const Result<void>& result) {
  return result ? "" : result.error().message;
}

std::string barrier(Collectives& ranks, double seconds = kEver) {
  return text(ranks.barrier(in(seconds)));
}

/// What a rank hears that comes to a call after the others gave it up: what they had sent may still
/// do for that one.
std::string late(Collectives& ranks) {
  const std::string first = barrier(ranks);
  return first.empty() ? barrier(ranks) : first;
}

/// The bytes of a sum over numbers of all magnitudes, where another order gives other bits.
std::string sum_of(Collectives& ranks) {
  Random random(7, Purpose::kData, uint64_t(ranks.rank()));
  std::vector<float> values(size_t(1000 * ranks.size())), mine(1000);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = std::ldexp(float(random.normal()), int(i % 30));
  EXPECT_EQ(text(ranks.reduce_scatter_sum(values, mine, in(kEver))), "");
  return {reinterpret_cast<const char*>(mine.data()), mine.size() * sizeof(float)};
}

TEST_F(NcclCollectives, SumsHaveTheBitsOfGloo) {
  const auto nccl = run(3, [](auto ranks) { return sum_of(*ranks); });
  const auto meeting = RankMeeting::in_process();
  const auto gloo = on_threads(
      3, [&](int64_t rank) { return meeting->join(rank, 3, in(kEver)); },
      [](auto ranks) { return sum_of(*ranks); });
  EXPECT_EQ(nccl, gloo);
  EXPECT_EQ(nccl[0].size(), 4000U);
}

TEST_F(NcclCollectives, PiecesOfASumAreAddedInRankOrder) {
  // (1e8 + 1) - 1e8 is 0 in fp32, where (1e8 - 1e8) + 1 is 1.
  const std::vector<std::vector<float>> given = {{1e8F, 1, 2}, {1, 10, 20}, {-1e8F, 100, 200}};
  const auto said = run(3, [&](auto ranks) {
    std::vector<float> mine(1);
    const auto done = ranks->reduce_scatter_sum(given[size_t(ranks->rank())], mine, in(kEver));
    return text(done) + std::to_string(mine[0]);
  });
  EXPECT_EQ(said, (std::vector<std::string>{"0.000000", "111.000000", "222.000000"}));
}

TEST_F(NcclCollectives, WhatTheRanksGiveComesInRankOrder) {
  run(2, [&](auto ranks) {
    const auto r = double(ranks->rank());
    std::vector<double> all(4);
    EXPECT_EQ(text(ranks->all_gather(std::vector<double>{r, 1e-300 + r}, all, in(kEver))), "");
    EXPECT_EQ(all, (std::vector<double>{0, 1e-300, 1, 1e-300 + 1}));
    std::vector<float> few(2), none;
    EXPECT_EQ(text(ranks->all_gather(std::vector<float>{5 + float(r)}, few, in(kEver))), "");
    EXPECT_EQ(few, (std::vector<float>{5, 6}));
    EXPECT_EQ(text(ranks->all_gather(std::vector<float>(), none, in(kEver))), "");
    return std::string();
  });
}

TEST_F(NcclCollectives, MemoryGrowsWithTheCallsAndIsFreed) {
  run(2, [&](auto ranks) {
    for (const size_t n : {10U, 1000U, 100U}) {
      std::vector<float> all(2 * n);
      EXPECT_EQ(text(ranks->all_gather(std::vector<float>(n, 1), all, in(kEver))), "");
      EXPECT_EQ(all, std::vector<float>(2 * n, 1));
    }
    EXPECT_LE(world_->held(), 4) << "two pieces a rank";
    return std::string();
  });
  EXPECT_EQ(world_->ended(2), 0) << "ranks that are well part in peace";
  EXPECT_EQ(world_->held(), 0);
}

TEST_F(NcclCollectives, ACallThatOneRankMissesNamesIt) {
  world_->ends_together = true;  // so that a call which waited for its own end would hang
  std::promise<void> others_said;
  std::atomic<int> said_so = 0;
  const auto said = run(3, [&](auto ranks) {
    if (ranks->rank() == 1) {
      others_said.get_future().wait();
      return late(*ranks);
    }
    const std::string first = barrier(*ranks, 0.3);
    EXPECT_EQ(barrier(*ranks), first) << "later calls answer the same";
    if (++said_so == 2)
      others_said.set_value();
    return first;
  });
  EXPECT_NE(said[0].find("learner rank 0 of 3 waited in all_gather 1: rank 1 did not come"),
            std::string::npos)
      << said[0];
  EXPECT_NE(said[2].find("rank 1 did not come"), std::string::npos) << said[2];
  EXPECT_NE(said[1].find("another rank has given up"), std::string::npos) << said[1];
  EXPECT_EQ(world_->ended(3), 3);
  EXPECT_EQ(world_->held(), 0);
}

TEST_F(NcclCollectives, ARankThatHangsIsNamedWithItsCall) {
  world_->plans[1] = {.exchange = 2, .lag = std::chrono::hours(1)};
  const auto said = run(2, [&](auto ranks) {
    EXPECT_EQ(barrier(*ranks), "");
    // Rank 0 has what it needs of rank 1 for the second call, and waits in the third.
    const std::string second = barrier(*ranks);
    return second.empty() ? barrier(*ranks, 0.3) : second;
  });
  EXPECT_NE(said[0].find("waited in all_gather 3: rank 1 is in all_gather 2 (no answer by the "
                         "deadline)"),
            std::string::npos)
      << said[0];
  EXPECT_NE(said[1].find("waited in all_gather 2: rank 0 is in all_gather 3"), std::string::npos)
      << said[1];
}

TEST_F(NcclCollectives, AnErrorOfOneRankEndsTheCallOfAll) {
  world_->ends_together = true;
  world_->plans[2] = {.exchange = 1, .error = "NCCL: remote process exited"};
  const auto said = run(3, [&](auto ranks) { return barrier(*ranks); });
  EXPECT_NE(said[2].find("learner rank 2 of 3 waited in all_gather 1: "), std::string::npos);
  EXPECT_NE(said[2].find("(NCCL: remote process exited)"), std::string::npos) << said[2];
  for (const size_t r : {0U, 1U})
    EXPECT_NE(said[r].find("waited in all_gather 1: "), std::string::npos) << said[r];
  EXPECT_EQ(world_->ended(3), 3);
}

TEST_F(NcclCollectives, ARankWithoutMemoryEndsTheCallOfAll) {
  world_->plans[0] = {.no_memory = true};
  const auto said = run(2, [&](auto ranks) { return barrier(*ranks); });
  EXPECT_NE(said[0].find("(cudaMalloc: out of memory)"), std::string::npos) << said[0];
  EXPECT_NE(said[1].find("(another rank has given up)"), std::string::npos) << said[1];
}

TEST_F(NcclCollectives, AnAbortEndsTheCallThatWaits) {
  world_->ends_together = true;
  std::promise<void> aborted;
  const auto said = run(2, [&](auto ranks) {
    if (ranks->rank() == 1) {
      aborted.get_future().wait();
      return late(*ranks);
    }
    std::thread other([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      ranks->abort();
    });
    const std::string first = barrier(*ranks);
    EXPECT_EQ(barrier(*ranks), first);
    other.join();
    aborted.set_value();
    return first;
  });
  EXPECT_EQ(said[0], "learner rank 0: all_gather 1 was aborted; start the learner group anew");
  EXPECT_NE(said[1].find("(another rank has given up)"), std::string::npos) << said[1];
}

TEST_F(NcclCollectives, AnAbortBeforeACallRefusesIt) {
  const auto said = run(2, [&](auto ranks) {
    ranks->abort();
    ranks->abort();
    return barrier(*ranks);
  });
  EXPECT_NE(said[1].find("was aborted"), std::string::npos) << said[1];
}

TEST_F(NcclCollectives, ARankThatEndsFreesTheOthersAtOnce) {
  const auto said =
      run(2, [&](auto ranks) { return ranks->rank() == 0 ? barrier(*ranks) : std::string(); });
  EXPECT_EQ(said[0],
            "learner rank 0 of 2 waited in all_gather 1: rank 1 did not come (another rank has "
            "given up)");
}

TEST_F(NcclCollectives, ARankThatEndsBehindACallLeavesItToTheOthers) {
  world_->plans[0] = {.exchange = 1, .lag = std::chrono::milliseconds(400)};
  const auto said = run(2, [&](auto ranks) { return barrier(*ranks); });
  EXPECT_EQ(said, (std::vector<std::string>{"", ""}));
}

TEST_F(NcclCollectives, WhoComesToAnEmptyMeetingIsToldAtTheDeadline) {
  for (const int64_t rank : {0, 1}) {
    const auto alone = nccl_ranks(world_->device(), RankBoard(rank_store(), rank, 2), in(0.2));
    ASSERT_FALSE(alone.ok());
    EXPECT_EQ(alone.error().code, Errc::kUnavailable);
    EXPECT_EQ(alone.error().message,
              "learner rank " + std::to_string(rank) + " of 2 waited in meeting 0: rank " +
                  std::to_string(1 - rank) + " did not come (no answer by the deadline)");
  }
}

TEST_F(NcclCollectives, ARankWithoutADeviceFreesTheOthersOfTheMeeting) {
  const Error none{Errc::kEnvironment, "placement.collectives: there is no GPU"};
  const auto said = on_threads(
      2,
      [&](int64_t rank) -> Made {
        if (rank == 0)
          return nccl_ranks(world_->device(), board(0, 2), in(kEver));
        auto made = nccl_ranks(none, board(1, 2), in(kEver));
        EXPECT_EQ(made.error().code, Errc::kEnvironment);
        return made;
      },
      [](auto /*ranks*/) { return std::string("met"); });
  EXPECT_EQ(said[1], none.message);
  EXPECT_NE(said[0].find("(another rank has given up)"), std::string::npos) << said[0];
}

}  // namespace
}  // namespace nelumbo
