// SPDX-License-Identifier: Apache-2.0
#include "reward/shaping.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

std::string error_of(const std::string& yaml) {
  const auto shaping = Shaping::read(node_of(yaml));
  return shaping ? "" : shaping.error().message;
}

TEST(ShapingTest, OverlongFallsInALineToTheFactor) {
  EXPECT_DOUBLE_EQ(soft_overlong(48, 64, 16, 0.1), 0);
  EXPECT_DOUBLE_EQ(soft_overlong(56, 64, 16, 0.1), -0.05);
  EXPECT_DOUBLE_EQ(soft_overlong(64, 64, 16, 0.1), -0.1);
  EXPECT_DOUBLE_EQ(soft_overlong(640, 64, 16, 0.1), -0.1);
}

TEST(ShapingTest, CountsDrawnTokensOnly) {
  const auto shaping =
      Shaping::read(node_of("[{kind: soft_overlong, max_tokens: 8, buffer: 4, factor: 0.1}]"));
  const Prompt prompt = prompt_with({});
  Trajectory said;
  said.sampled = {1, 1, 1, 0, 0, 0, 0, 1, 1, 1};
  const auto components = shaping.value().judge({prompt, said}).value();
  ASSERT_EQ(components.size(), 1u);
  EXPECT_EQ(components[0].evidence, "6 tokens");
  EXPECT_DOUBLE_EQ(components[0].value, -0.05);
}

TEST(ShapingTest, NudgesWhereTheMatcherMatches) {
  const auto shaping =
      Shaping::read(node_of("[{kind: nudge, name: tool, value: 0.02, when: {used_tool: zoom}}]"));
  const Prompt prompt = prompt_with({});
  Trajectory said = answer_candidate(prompt, "2");
  EXPECT_EQ(shaping.value().judge({prompt, said}).value()[0].value, 0);
  add_call(said, "zoom", {0, 0, 9, 9});
  EXPECT_EQ(shaping.value().judge({prompt, said}).value()[0].value, 0.02);
}

TEST(ShapingTest, PaysNothingForAnEmptyAnswer) {
  const auto shaping =
      Shaping::read(node_of("[{kind: nudge, name: short, value: 0.02, when: {turns: 1}},"
                            " {kind: nudge, name: long, value: -0.01, when: {turns: 1}}]"));
  const Prompt prompt = prompt_with({});
  const auto values = [&](const std::string& answer) {
    const auto parts = shaping.value().judge({prompt, answer_candidate(prompt, answer)}).value();
    return std::pair(parts[0].value, parts[1].value);
  };
  EXPECT_EQ(values("x"), std::pair(0.02, -0.01));
  for (const char* empty : {"", " \n", "\u200b"})
    EXPECT_EQ(values(empty), std::pair(0.0, -0.01));
}

TEST(ShapingTest, MayNotFlipRightAndWrong) {
  EXPECT_EQ(error_of("[{kind: soft_overlong, factor: 0.1},"
                     " {kind: nudge, value: 0.05, when: {turns: 1}}]"),
            "");
  EXPECT_EQ(error_of("[{kind: soft_overlong, factor: 0.1},"
                     " {kind: nudge, value: -0.01, when: {turns: 1}}]"),
            "s.yaml:1:1: together these give -0.11 to 0, which leaves [-0.1, 0.05]; lower the "
            "factors");
  EXPECT_EQ(error_of("[{kind: nudge, value: 0.06, when: {turns: 1}}]"),
            "s.yaml:1:1: together these give 0 to 0.06, which leaves [-0.1, 0.05]; lower the "
            "factors");
}

TEST(ShapingTest, RefusesWhatIsWrittenWrong) {
  EXPECT_EQ(error_of("[{kind: soft_overlong, max_tokens: 8, buffer: 9}]"),
            "s.yaml:1:2: [0]: buffer must be <= max_tokens");
  EXPECT_EQ(error_of("[{kind: nudge, value: 0.01}]"), "s.yaml:1:2: [0]: 'when' is missing");
  EXPECT_EQ(error_of("{}"), "s.yaml:1:1: must be a list");
}

}  // namespace
}  // namespace nelumbo
