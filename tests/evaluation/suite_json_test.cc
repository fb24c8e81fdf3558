// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "evaluation/suite.h"
#include "tests/evaluation/answered.h"

namespace nelumbo {
namespace {

Evaluation three_tasks() {
  const Prompt box = prompt_of("locate", 0, {{"boxes", {{100, 100, 260, 260}}}});
  const Prompt none = prompt_of("count", 0, {{"answer", "0"}, {"choices", {"0", "1"}}});
  const std::vector<ScoredGroup> groups = {
      answered(type_prompt(0, "red"), {"red"}, {1}),
      answered(type_prompt(1, "red"), {"white"}, {0}),
      answered(none, {"0"}, {1}),
      answered(box, {box_answer({100, 100, 260, 260}, box)}, {0.8}),
  };
  return evaluate(groups, EvaluationMode::kSampled, {});
}

TEST(SuiteJson, ComesBackAsItWas) {
  const nlohmann::json json = to_json(three_tasks());
  EXPECT_EQ(json["mode"], "sampled");
  const auto back = evaluation_from_json(nlohmann::json::parse(json.dump()));
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(to_json(back.value()), json);
  EXPECT_EQ(back.value().mode, EvaluationMode::kSampled);
  EXPECT_TRUE(back.value().tasks[1].over_half.has_value());
}

TEST(SuiteJson, SaysWhichFieldIsWrong) {
  const auto error = [](const char* pointer, const nlohmann::json& value) {
    nlohmann::json json = to_json(three_tasks());
    json[nlohmann::json::json_pointer(pointer)] = value;
    return evaluation_from_json(json).error().message;
  };
  EXPECT_EQ(error("/mode", "guess"), "evaluation: unknown mode 'guess'");
  EXPECT_EQ(error("/tasks", 3), "evaluation: 'tasks' is missing or of another type");
  EXPECT_EQ(error("/tasks/1/low", "x"), "tasks[1]: 'low' is missing or of another type");
  EXPECT_EQ(error("/prompts/0/score", nullptr),
            "prompts[0]: 'score' is missing or of another type");
  EXPECT_EQ(evaluation_from_json(3).error().message,
            "evaluation: 'mode' is missing or of another type");
}

TEST(SuiteJson, KeepsStepsAndChoices) {
  Prompt prompt = exam_prompt(0, "B", {"Kidney", "Bladder"});
  prompt.truth["path"] = {"ureter | ends in | bladder"};
  const nlohmann::json json =
      to_json(evaluate(std::vector{answered(prompt, {"B"})}, EvaluationMode::kShuffled, {}));
  EXPECT_EQ(json["prompts"][0]["chosen"], "Bladder");
  EXPECT_EQ(json["prompts"][0]["steps"], 0);
  const auto back = evaluation_from_json(json);
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(to_json(back.value()), json);
}

TEST(SuiteJson, ListsDifferences) {
  const nlohmann::json json =
      to_json(std::vector<Difference>{{"type", 3, 0.5, 0.75, 0.25, 0, 0.5}});
  EXPECT_EQ(json[0]["task"], "type");
  EXPECT_EQ(json[0]["difference"], 0.25);
  EXPECT_EQ(json[0]["high"], 0.5);
}

}  // namespace
}  // namespace nelumbo
