// SPDX-License-Identifier: Apache-2.0
#include "actors/coordinator_rows.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(CoordinatorRows, SayWhatARolloutActorDoesOrWaitsFor) {
  RolloutSight sight{.who = "rollout actor 3", .seconds = 2, .lived = 4};
  EXPECT_EQ(rollout_row(sight).what, "the first weights");
  sight.current = PolicyVersion{5};
  EXPECT_EQ(rollout_row(sight).what, "its process, and weights 5");
  EXPECT_TRUE(rollout_row(sight).waits);
  sight.version = sight.current;
  EXPECT_EQ(rollout_row(sight).what, "groups");
  sight.groups = 2;
  sight.delivered = 8;
  const Activity row = rollout_row(sight);
  EXPECT_EQ(row.what, "answers");
  EXPECT_FALSE(row.waits);
  EXPECT_EQ(row.version, 5U);
  EXPECT_EQ(row.queue, 2);
  EXPECT_EQ(row.seconds, 2);
  EXPECT_EQ(row.rate, 2.0);
  sight.rests = true;
  EXPECT_EQ(rollout_row(sight).what, "answers (slow: gets none for a while)");
}

TEST(CoordinatorRows, SayWhetherRewardActorsScore) {
  EXPECT_TRUE(reward_row(2, 0).waits);
  EXPECT_EQ(reward_row(2, 3).what, "score");
  EXPECT_EQ(reward_row(2, 3).who, "reward actors (2)");
}

}  // namespace
}  // namespace nelumbo
