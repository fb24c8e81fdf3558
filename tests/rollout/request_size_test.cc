// SPDX-License-Identifier: Apache-2.0
#include "rollout/request_size.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(RequestSize, CountsAPromptOnceAndItsAnswersEach) {
  auto prompt = std::make_shared<Prompt>();
  prompt->tokens.assign(40, 1);  // two full blocks and a half
  GroupRequest request;
  request.prompt = prompt;
  request.samples = 3;
  request.sampling.max_new_tokens = 24;  // up to position 64
  const RequestSize size = request_size(request, 0);
  EXPECT_EQ(size.positions, 64);
  EXPECT_EQ(size.key_blocks, 2 + 1 + 3 * (64 / 16 + 1 - 2));
}

TEST(RequestSize, SaysWhichKeyIsTooSmall) {
  Network network;
  network.config.decoder.max_positions = 100;
  const auto longer = require_room({.positions = 101, .key_blocks = 1}, network, {});
  ASSERT_FALSE(longer.ok());
  EXPECT_NE(longer.error().message.find("max_positions is 100"), std::string::npos);
  const auto wider = require_room({.positions = 9, .key_blocks = 9}, network, {.key_blocks = 8});
  ASSERT_FALSE(wider.ok());
  EXPECT_NE(wider.error().message.find("may take 9 blocks, there are 8"), std::string::npos);
  EXPECT_TRUE(require_room({.positions = 100, .key_blocks = 8}, network, {.key_blocks = 8}).ok());
}

}  // namespace
}  // namespace nelumbo
