// SPDX-License-Identifier: Apache-2.0
#include "learner/collectives.h"

#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

const Deadline kNever = Deadline::max();

TEST(Collectives, ALearnerAloneKeepsItsValues) {
  SingleRank alone;
  Collectives& ranks = alone;
  std::vector<float> values{1, 2.5F};
  EXPECT_TRUE(ranks.all_reduce_sum(values, kNever).ok());
  EXPECT_TRUE(ranks.broadcast(values, 0, kNever).ok());
  EXPECT_TRUE(ranks.barrier(kNever).ok());
  EXPECT_EQ(values, (std::vector<float>{1, 2.5F}));
  EXPECT_EQ(ranks.rank(), 0);
  EXPECT_EQ(ranks.size(), 1);
}

TEST(Collectives, AfterAnAbortEveryCallRefuses) {
  SingleRank ranks;
  std::vector<float> values{1};
  ranks.abort();
  ranks.abort();
  EXPECT_EQ(ranks.all_reduce_sum(values, kNever).error().code, Errc::kUnavailable);
  EXPECT_EQ(ranks.broadcast(values, 0, kNever).error().code, Errc::kUnavailable);
  EXPECT_EQ(ranks.barrier(kNever).error().code, Errc::kUnavailable);
}

TEST(CollectivesDeathTest, ARootThatIsNotThereIsABug) {
  SingleRank ranks;
  EXPECT_DEATH((void)ranks.broadcast({}, 1, kNever), "rank 1");
}

}  // namespace
}  // namespace nelumbo
