// SPDX-License-Identifier: Apache-2.0
#include "learner/collectives.h"

#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

const Deadline kNever = Deadline::max();

TEST(Collectives, ALearnerAloneGetsWhatItGives) {
  SingleRank alone;
  Collectives& ranks = alone;
  const std::vector<float> values{1, 2.5F};
  std::vector<float> got(2);
  EXPECT_TRUE(ranks.reduce_scatter_sum(values, got, kNever).ok());
  EXPECT_EQ(got, values);
  std::vector<double> precise(1);
  EXPECT_TRUE(ranks.all_gather(std::vector<double>{0.1}, precise, kNever).ok());
  EXPECT_EQ(precise[0], 0.1);
  EXPECT_TRUE(ranks.barrier(kNever).ok());
  EXPECT_EQ(ranks.rank(), 0);
  EXPECT_EQ(ranks.size(), 1);
}

TEST(Collectives, AfterAnAbortEveryCallRefuses) {
  SingleRank ranks;
  std::vector<float> values{1};
  ranks.abort();
  ranks.abort();
  EXPECT_EQ(ranks.reduce_scatter_sum(values, values, kNever).error().code, Errc::kUnavailable);
  EXPECT_EQ(ranks.all_gather(std::span<const float>(values), values, kNever).error().code,
            Errc::kUnavailable);
  EXPECT_EQ(ranks.barrier(kNever).error().code, Errc::kUnavailable);
}

TEST(CollectivesDeathTest, PiecesOfUnequalSizeAreABug) {
  SingleRank ranks;
  std::vector<float> none;
  EXPECT_DEATH((void)ranks.all_gather(std::vector<float>{1}, none, kNever), "as much as it gives");
}

}  // namespace
}  // namespace nelumbo
