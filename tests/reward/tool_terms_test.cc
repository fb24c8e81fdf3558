// SPDX-License-Identifier: Apache-2.0
#include "reward/tool_terms.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

Trajectory with_calls(int calls) {
  Trajectory trajectory;
  for (int i = 0; i < calls; ++i)
    add_call(trajectory, "zoom", {0, 0, 10.0 + i, 10});
  return trajectory;
}

Verdict bonus(const Trajectory& trajectory, double right, bool plain_right) {
  TermHeader header;
  const auto term = read_tool_use(node_of("{kind: tool_use, weight: 0.2, per_call: 0.03}"), header);
  EXPECT_TRUE(term.ok());
  EXPECT_TRUE(term.value()->is_bonus());
  const Prompt prompt = prompt_with({});
  return term.value()->judge({prompt, trajectory, right, plain_right}).value();
}

TEST(ToolUse, IsGivenForARightAnswerThatNeededTools) {
  EXPECT_EQ(bonus(with_calls(1), 1, false).value, 1);
}

TEST(ToolUse, IsNotGivenOtherwise) {
  EXPECT_EQ(bonus(with_calls(1), 0, false).evidence, "not right");
  EXPECT_EQ(bonus(with_calls(0), 1, false).evidence, "no tool used");
  const Verdict plain = bonus(with_calls(1), 1, true);
  EXPECT_EQ(plain.value, 0);
  EXPECT_EQ(plain.evidence, "right without tools in this group");
}

TEST(ToolUse, CostsEachCallAfterTheSecond) {
  // Two calls too many, each 0.03 of a bonus of 0.2.
  EXPECT_DOUBLE_EQ(bonus(with_calls(4), 1, false).value, 1 - 0.3);
  EXPECT_DOUBLE_EQ(bonus(with_calls(4), 0, false).value, -0.3);
  EXPECT_DOUBLE_EQ(bonus(with_calls(2), 1, false).value, 1);
}

TEST(ToolUse, NeedsFailedCallsRepaired) {
  Trajectory trajectory = with_calls(1);
  trajectory.calls[0].error = "the box is empty";
  EXPECT_EQ(bonus(trajectory, 1, false).evidence, "a failed call was not repaired");
  add_call(trajectory, "zoom", {0, 0, 10, 10});
  EXPECT_EQ(bonus(trajectory, 1, false).value, 1);
}

TEST(ToolUse, TakesAnUnreadableLastCallForAFailure) {
  Trajectory trajectory = with_calls(1);
  trajectory.calls.push_back({});
  EXPECT_FALSE(all_repaired(trajectory));
}

TEST(ToolUse, CountsSuccessfulCallsOfOneTool) {
  Trajectory trajectory = with_calls(2);
  add_call(trajectory, "locate", {0, 0, 5, 5});
  trajectory.calls[1].error = "no such image";
  EXPECT_EQ(calls_of(trajectory, "zoom"), 1);
  EXPECT_EQ(calls_of(trajectory, "locate"), 1);
  EXPECT_EQ(calls_of(trajectory, "rotate"), 0);
}

}  // namespace
}  // namespace nelumbo
