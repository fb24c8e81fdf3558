// SPDX-License-Identifier: Apache-2.0
#include "rollout/group_queue.h"

#include <memory>

#include <gtest/gtest.h>

#include "tests/support/tiny_policy.h"

namespace nelumbo {
namespace {

class GroupQueueTest : public ::testing::Test {
 protected:
  /// A queue of `count` groups with two samples, all let in if there is room.
  std::unique_ptr<GroupQueue> queue(int64_t key_blocks, uint64_t count) {
    const EngineConfig config{.key_blocks = key_blocks};
    auto queue = std::make_unique<GroupQueue>(policy_.network, config, 0);
    for (uint64_t id = 1; id <= count; ++id)
      EXPECT_TRUE(queue
                      ->submit({.id = GroupId{id},
                                .prompt = prompt_,
                                .samples = 2,
                                .sampling = {.max_new_tokens = 8, .max_turns = 1}})
                      .ok());
    queue->admit();
    return queue;
  }

  TinyPolicy policy_;
  std::shared_ptr<const Prompt> prompt_ = policy_.prompt("noise/1");
  int64_t positions_ = std::ssize(prompt_->tokens);
  int64_t needed_ = (positions_ + kKeyBlock - 1) / kKeyBlock + 2;  // of a group that begins
};

TEST_F(GroupQueueTest, LetsInWhatHasRoomToBegin) {
  EXPECT_EQ(queue(2 * needed_, 3)->active().size(), 2U);
  EXPECT_EQ(queue(3 * needed_ - 1, 3)->active().size(), 2U);
  EXPECT_EQ(queue(3 * needed_, 3)->active().size(), 3U);
}

TEST_F(GroupQueueTest, TheYoungestGivesWayAndGoesOnWhenThereIsRoom) {
  const auto groups = queue(3 * needed_, 3);
  ActiveGroup &oldest = groups->active()[0], &second = groups->active()[1],
              &youngest = groups->active()[2];
  for (ActiveGroup& group : groups->active())
    ASSERT_TRUE(groups->grow_prompt(group, positions_));
  const int64_t blocks_left = 3 * needed_ - groups->occupancy().key_blocks_in_use;
  ASSERT_TRUE(
      groups->grow_prompt(oldest, (std::ssize(oldest.table.ids) + blocks_left + 1) * kKeyBlock));
  EXPECT_FALSE(second.put_back);
  EXPECT_TRUE(youngest.put_back);
  EXPECT_TRUE(youngest.table.ids.empty());
  EXPECT_EQ(youngest.length, 0);
  EXPECT_EQ(groups->put_back(), 1);
  groups->admit();
  EXPECT_TRUE(youngest.put_back);
  groups->cancel(GroupId{1});
  groups->admit();
  EXPECT_FALSE(groups->active().back().put_back);
  groups->cancel(GroupId{2});
  groups->cancel(GroupId{3});
  EXPECT_TRUE(groups->idle());
  EXPECT_EQ(groups->occupancy().key_blocks_in_use, 0);
}

TEST_F(GroupQueueTest, TheYoungestItselfWaits) {
  const auto groups = queue(2 * needed_, 2);
  ASSERT_TRUE(groups->grow_prompt(groups->active()[0], positions_));
  EXPECT_FALSE(groups->grow_prompt(groups->active()[1], 2 * needed_ * kKeyBlock));
  EXPECT_FALSE(groups->active()[0].put_back);
  EXPECT_EQ(groups->put_back(), 0);
}

}  // namespace
}  // namespace nelumbo
