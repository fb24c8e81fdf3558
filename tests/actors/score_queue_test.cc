// SPDX-License-Identifier: Apache-2.0
#include "actors/score_queue.h"

#include <gtest/gtest.h>

#include "tests/support/fake_policy.h"

namespace nelumbo {
namespace {

TEST(ScoreQueue, GivesEachActorOneGroupAtATime) {
  ScoreQueue queue(2);
  for (uint64_t id = 1; id <= 3; ++id)
    queue.add(fake_scored(id, {1}).group, static_cast<int64_t>(id));
  const auto first = queue.next(), second = queue.next();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->group->id, GroupId{1});
  EXPECT_EQ(second->attempt, 2);
  EXPECT_NE(first->place, second->place);
  EXPECT_FALSE(queue.next());
  EXPECT_EQ(queue.size(), 3);
  queue.free(second->place);
  const auto third = queue.next();
  ASSERT_TRUE(third);
  EXPECT_EQ(third->place, second->place);
  EXPECT_EQ(third->group->id, GroupId{3});
}

TEST(ScoreQueue, ForgetsWhatWaitsAndNotWhoIsBusy) {
  ScoreQueue queue(1);
  for (uint64_t id = 1; id <= 2; ++id)
    queue.add(fake_scored(id, {1}).group, 0);
  ASSERT_TRUE(queue.next());
  queue.clear();
  EXPECT_EQ(queue.size(), 1);
  queue.free(0);
  EXPECT_FALSE(queue.next());
  EXPECT_EQ(queue.size(), 0);
}

}  // namespace
}  // namespace nelumbo
