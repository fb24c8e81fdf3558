// SPDX-License-Identifier: Apache-2.0
#include "reward/process.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

constexpr const char* kLayer = R"(
form: multiplier
checks:
  - {kind: unsupported}
  - {kind: loop}
)";

ProcessVerdict judge(const Trajectory& said) {
  const auto layer = ProcessLayer::read(node_of(kLayer));
  EXPECT_TRUE(layer.ok());
  const Prompt prompt = prompt_with({{"boxes", {{100, 100, 140, 140}}}});
  return layer.value().judge({prompt, said}).value();
}

TEST(Process, LeavesACleanTrajectoryAlone) {
  Trajectory said;
  add_call(said, "locate", {100, 100, 140, 140});
  const ProcessVerdict verdict = judge(said);
  EXPECT_EQ(verdict.value, 1);
  EXPECT_TRUE(verdict.steps.empty());
  ASSERT_EQ(verdict.components.size(), 2u);
  EXPECT_EQ(verdict.components[0].value, 1);
}

TEST(Process, GivesEachStepItsSmallestFactorOnItsTokens) {
  Trajectory said;
  add_call(said, "locate", {300, 300, 340, 340});
  add_call(said, "locate", {300, 300, 340, 340});
  const ProcessVerdict verdict = judge(said);
  EXPECT_EQ(verdict.value, 0.1);
  ASSERT_EQ(verdict.steps.size(), 2u);
  EXPECT_EQ(verdict.steps[0].factor, 0.5);
  EXPECT_EQ(verdict.steps[0].reason, "unsupported: [300, 300, 340, 340] hits nothing");
  EXPECT_EQ(verdict.steps[1].factor, 0.1);
  EXPECT_EQ(verdict.steps[1].reason, "loop: call 1 repeats call 0");
  EXPECT_EQ(verdict.steps[1].first_token, said.calls[1].first_token);
  EXPECT_EQ(verdict.steps[1].last_token, said.calls[1].last_token);
}

TEST(Process, JudgesRecalledLinesBesideToolTurns) {
  const auto layer = ProcessLayer::read(node_of("checks: [{kind: gold_path}, {kind: loop}]"));
  const Prompt prompt = prompt_with({{"path", {"a | gene | b", "b | band | c"}}});
  Trajectory said = candidate(prompt, "<recall>a | gene | b\na | gene | b\nb | band | d</recall>");
  add_call(said, "zoom", {0, 0, 50, 50});
  const ProcessVerdict verdict = layer.value().judge({prompt, said}).value();
  EXPECT_EQ(verdict.value, 0.1);
  ASSERT_EQ(verdict.steps.size(), 2u);
  EXPECT_EQ(verdict.steps[0].reason, "loop: line 1 repeats line 0");
  EXPECT_EQ(verdict.steps[0].first_token, said.thoughts[1].first_token);
  EXPECT_EQ(verdict.steps[1].reason, "gold_path: 'b | band | d' is not on the path");
  EXPECT_EQ(verdict.steps[1].factor, 0.5);
  EXPECT_EQ(verdict.steps[1].last_token, said.thoughts[2].last_token);
  EXPECT_EQ(layer.value().needs().front().name, "path");
}

ProcessVerdict judge(const std::string& yaml, const Trajectory& said) {
  const auto layer = ProcessLayer::read(node_of(yaml));
  EXPECT_TRUE(layer.ok());
  return layer.value().judge({Prompt{}, said}).value();
}

TEST(Process, WithAWeightItHasTheMeanOrTheLeastOfAllSteps) {
  Trajectory said;
  said.thoughts = {{"1+1=2", 0, 4}, {"2+2=5", 4, 8}, {"5+1=6", 8, 12}};
  const std::string checks = ", checks: [{kind: arithmetic, factor: 0.25}]}";
  for (const char* form : {"sum", "token"}) {
    const ProcessVerdict verdict = judge(std::string("{form: ") + form + checks, said);
    EXPECT_EQ(verdict.value, 0.75);  // (1 + 0.25 + 1) / 3
    ASSERT_EQ(verdict.steps.size(), 3u);
    EXPECT_EQ(verdict.steps[0].factor, 1);
    EXPECT_EQ(verdict.steps[1].factor, 0.25);
    EXPECT_EQ(verdict.steps[2].first_token, 8);
    ASSERT_EQ(verdict.components.size(), 2u);
    EXPECT_EQ(verdict.components[0].name, "steps");
    EXPECT_EQ(verdict.components[0].weight, 1);
    EXPECT_EQ(verdict.components[0].value, 0.75);
    EXPECT_EQ(verdict.components[0].evidence, "2 of 3 are clean");
    EXPECT_EQ(verdict.components[1].weight, 0);
  }
  EXPECT_EQ(judge("{form: min" + checks, said).value, 0.25);
  EXPECT_EQ(judge("{form: sum" + checks, {}).value, 0);
  EXPECT_EQ(judge("{form: min" + checks, {}).value, 0);
}

TEST(Process, RefusesWhatIsWrittenWrong) {
  const auto error = [](const std::string& yaml) {
    const auto layer = ProcessLayer::read(node_of(yaml));
    return layer ? "" : layer.error().message;
  };
  EXPECT_EQ(error("{form: mean, checks: []}"),
            "s.yaml:1:8: form: must be one of multiplier, sum, min, token");
  EXPECT_EQ(
      error("{form: multiplier, weight: 1, checks: []}"),
      "s.yaml:1:28: weight: a multiplier has no weight; leave it out, or choose form: sum, min "
      "or token");
  EXPECT_NE(error("{form: sum, checks: []}").find("must name a check"), std::string::npos);
  EXPECT_EQ(error("checks: [{kind: lop}]"),
            "s.yaml:1:17: checks[0].kind: must be one of loop, unsupported, unused_tool, "
            "wrong_order, gold_path, arithmetic, evidence, conclusion, parts, learned (did you "
            "mean 'loop'?)");
  EXPECT_EQ(error("checks: [{kind: loop, factor: 0}]"),
            "s.yaml:1:31: checks[0].factor: must be between 0.01 and 1");
}

}  // namespace
}  // namespace nelumbo
