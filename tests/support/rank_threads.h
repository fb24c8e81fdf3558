// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "learner/collectives.h"
#include "learner/rank_meeting.h"

namespace nelumbo {

inline Deadline rank_deadline() {
  return std::chrono::steady_clock::now() + std::chrono::seconds(60);
}

/// Meets `size` ranks, each on a thread of its own, and does `work` on each.
inline void on_rank_threads_owning(int64_t size,
                                   const std::function<void(std::unique_ptr<Collectives>)>& work) {
  const auto meeting = RankMeeting::in_process();
  std::vector<std::thread> threads;
  threads.reserve(static_cast<size_t>(size));
  for (int64_t r = 0; r < size; ++r)
    threads.emplace_back([&, r] {
      auto ranks = meeting->join(r, size, rank_deadline());
      ASSERT_TRUE(ranks.ok()) << ranks.error().message;
      work(std::move(ranks).value());
    });
  for (std::thread& thread : threads)
    thread.join();
}

inline void on_rank_threads(int64_t size, const std::function<void(Collectives&)>& work) {
  on_rank_threads_owning(size, [&](std::unique_ptr<Collectives> ranks) { work(*ranks); });
}

}  // namespace nelumbo
