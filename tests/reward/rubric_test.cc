// SPDX-License-Identifier: Apache-2.0
#include "reward/rubric.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

constexpr const char* kExplicit = R"(
form: rar_explicit
criteria:
  - {criterion: says red, kind: essential, matcher: {contains: [red]}}
  - {criterion: says cell, kind: optional, matcher: {contains: [cell]}}
  - {criterion: says too much, kind: pitfall, matcher: {longer: 10}}
)";

constexpr const char* kPoints = R"(
form: healthbench
criteria:
  - {criterion: says red, points: 4, matcher: {contains: [red]}}
  - {criterion: says cell, points: 1, matcher: {contains: [cell]}}
  - {criterion: says too much, kind: pitfall, points: -2, matcher: {longer: 10}}
)";

LayerVerdict judge(const char* yaml, const std::string& answer) {
  const auto layer = RubricLayer::read(node_of(yaml));
  EXPECT_TRUE(layer.ok());
  const Prompt prompt = prompt_with({});
  const Trajectory said = answer_candidate(prompt, answer);
  return layer.value().judge({prompt, said}).value();
}

TEST(Rubric, WeighsCriteriaByKind) {
  // Weights 1.0, 0.3 and 0.9; a pitfall counts when it was avoided.
  EXPECT_DOUBLE_EQ(judge(kExplicit, "red cell").value, 1);
  EXPECT_DOUBLE_EQ(judge(kExplicit, "red").value, 1.9 / 2.2);
  EXPECT_DOUBLE_EQ(judge(kExplicit, "it may well be a red").value, 1.0 / 2.2);
  EXPECT_DOUBLE_EQ(judge(kExplicit, "no").value, 0.9 / 2.2);
}

TEST(Rubric, CountsPointsOfPositivePoints) {
  EXPECT_DOUBLE_EQ(judge(kPoints, "red").value, 0.8);
  EXPECT_DOUBLE_EQ(judge(kPoints, "red cell").value, 1);
  // (4 + 1 - 2) / 5
  EXPECT_DOUBLE_EQ(judge(kPoints, "surely a red cell").value, 0.6);
  EXPECT_DOUBLE_EQ(judge(kPoints, "I do not know at all").value, 0);
}

TEST(Rubric, RecordsEachCriterion) {
  const LayerVerdict verdict = judge(kPoints, "surely a red cell");
  ASSERT_EQ(verdict.components.size(), 3u);
  EXPECT_EQ(verdict.components[0].name, "says red");
  EXPECT_EQ(verdict.components[0].evidence, "found red");
  EXPECT_DOUBLE_EQ(verdict.components[0].weight, 0.8);
  EXPECT_DOUBLE_EQ(verdict.components[2].weight, 0);
  EXPECT_DOUBLE_EQ(verdict.components[2].value, -0.4);
}

TEST(Rubric, LeavesOutWhatDoesNotApply) {
  const auto layer = RubricLayer::read(
      node_of("criteria: [{criterion: hits, kind: essential, matcher: {located_hits: boxes}},"
              " {criterion: short, kind: optional, matcher: {turns: 1}}]"));
  const Prompt prompt = prompt_with({{"boxes", nlohmann::json::array()}});
  const Trajectory said = answer_candidate(prompt, "0");
  const LayerVerdict verdict = layer.value().judge({prompt, said}).value();
  ASSERT_EQ(verdict.components.size(), 1u);
  EXPECT_DOUBLE_EQ(verdict.value, 1);
  EXPECT_DOUBLE_EQ(verdict.components[0].weight, 1);
  EXPECT_TRUE(layer.value().applies(prompt));
}

TEST(Rubric, RefusesWhatIsWrittenWrong) {
  const auto error = [](const std::string& yaml) {
    const auto layer = RubricLayer::read(node_of(yaml));
    return layer ? "" : layer.error().message;
  };
  EXPECT_EQ(error("criteria: [{criterion: a, points: 1, matcher: {turns: 1}}]"),
            "s.yaml:1:35: criteria[0].points: form rar_explicit takes its weights from 'kind'; "
            "remove the points");
  EXPECT_EQ(error("{form: healthbench, criteria: [{criterion: a, matcher: {turns: 1}}]}"),
            "s.yaml:1:32: criteria[0]: 'points' is missing: form healthbench counts them");
  EXPECT_EQ(error("{form: healthbench, criteria: [{criterion: a, points: -1, matcher: {turns: "
                  "1}}]}"),
            "s.yaml:1:31: criteria: needs a criterion with positive points");
  EXPECT_EQ(error("criteria: [{matcher: {turns: 1}}]"),
            "s.yaml:1:12: criteria[0]: 'criterion' is missing");
  EXPECT_EQ(error("criteria: [{criterion: a}]"), "s.yaml:1:12: criteria[0]: 'matcher' is missing");
  EXPECT_EQ(error("criteria: [{criterion: a, matcher: {turns: 0}}]"),
            "s.yaml:1:44: criteria[0].matcher.turns: must be > 0");
}

}  // namespace
}  // namespace nelumbo
