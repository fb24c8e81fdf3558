// SPDX-License-Identifier: Apache-2.0
#include "reward/judge.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Judge, CountsWhatWasAddedSince) {
  JudgeCounts before{.questions = 2, .calls = 3, .cost = 0.5, .call_seconds = 3};
  JudgeCounts now = before;
  now.questions = 5;
  now.calls = 7;
  now.prompt_tokens = 30;
  now.completion_tokens = 4;
  now.cost = 0.75;
  now.call_seconds = 5;
  const auto named = now.since(before).named();
  EXPECT_EQ(named.at("questions"), 3);
  EXPECT_EQ(named.at("calls"), 4);
  EXPECT_EQ(named.at("tokens"), 34);
  EXPECT_DOUBLE_EQ(named.at("cost"), 0.25);
  EXPECT_DOUBLE_EQ(named.at("latency"), 0.5);
  EXPECT_EQ(JudgeCounts().named().at("latency"), 0);
}

}  // namespace
}  // namespace nelumbo
