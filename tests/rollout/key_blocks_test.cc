// SPDX-License-Identifier: Apache-2.0
#include "rollout/key_blocks.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(KeyBlocks, SharesFullBlocksAndCopiesTheLastPartialOne) {
  KeyBlocks blocks(4, 10);
  KeyBlocks::Table prompt;
  blocks.grow(prompt, 20);
  ASSERT_EQ(prompt.ids.size(), 2U);
  prompt.memory[1][0] = 7;
  KeyBlocks::Table answer = blocks.fork(prompt, 20);
  EXPECT_EQ(answer.ids[0], prompt.ids[0]);
  EXPECT_NE(answer.ids[1], prompt.ids[1]);
  EXPECT_EQ(answer.memory[1][0], 7);
  answer.memory[1][0] = 8;
  EXPECT_EQ(prompt.memory[1][0], 7);
}

TEST(KeyBlocks, AForkAtABlockBorderCopiesNothing) {
  KeyBlocks blocks(4, 10);
  KeyBlocks::Table prompt;
  blocks.grow(prompt, 32);
  const KeyBlocks::Table answer = blocks.fork(prompt, 32);
  EXPECT_EQ(answer.ids, prompt.ids);
  EXPECT_EQ(blocks.in_use(), 2);
}

TEST(KeyBlocks, KeepsASharedBlockUntilItsLastOwnerLeaves) {
  KeyBlocks blocks(4, 10);
  KeyBlocks::Table prompt;
  blocks.grow(prompt, 16);
  KeyBlocks::Table answer = blocks.fork(prompt, 16);
  blocks.release(prompt);
  EXPECT_EQ(blocks.in_use(), 1);
  blocks.release(answer);
  EXPECT_EQ(blocks.in_use(), 0);
}

TEST(KeyBlocks, UsesReleasedMemoryAgain) {
  KeyBlocks blocks(4, 1);
  KeyBlocks::Table first;
  blocks.grow(first, 1);
  float* const memory = first.memory[0];
  blocks.release(first);
  KeyBlocks::Table second;
  blocks.grow(second, 1);
  EXPECT_EQ(second.memory[0], memory);
}

TEST(KeyBlocksDeathTest, EndsTheProcessBeyondItsLimit) {
  KeyBlocks blocks(4, 1);
  KeyBlocks::Table table;
  EXPECT_EXIT(blocks.grow(table, 17), testing::ExitedWithCode(70), "more than 1 key blocks");
}

}  // namespace
}  // namespace nelumbo
