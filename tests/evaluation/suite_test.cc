// SPDX-License-Identifier: Apache-2.0
#include "evaluation/suite.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/evaluation/answered.h"

namespace nelumbo {
namespace {

Evaluation of(const std::vector<ScoredGroup>& groups,
              EvaluationMode mode = EvaluationMode::kGreedy) {
  return evaluate(groups, mode, {.seed = 1, .resamples = 200});
}

std::vector<ScoredGroup> some_groups() {
  const Prompt box = prompt_of("locate", 0, {{"boxes", {{100, 100, 260, 260}}}});
  const std::string hit = box_answer({100, 100, 260, 260}, box);
  return {answered(type_prompt(0, "white"), {"white", "red"}, {1, 0}),
          answered(type_prompt(1, "red"), {"red", "red"}, {1, 0.8}),
          answered(type_prompt(2, "red"), {"what", "red cell"}, {0, 0}),
          answered(box, {hit, "nowhere"}, {0.9, 0})};
}

TEST(EvaluationTest, AveragesAnswersThenPrompts) {
  const Evaluation evaluation = of(some_groups());
  ASSERT_EQ(evaluation.tasks.size(), 2u);
  const TaskScore& type = evaluation.tasks[1];
  EXPECT_EQ(type.task, "type");
  EXPECT_EQ(type.n, 3);
  // Prompts 0.5, 1 and 0.
  EXPECT_DOUBLE_EQ(type.score, 0.5);
  EXPECT_DOUBLE_EQ(type.parse_fail, 2.0 / 6);
  EXPECT_DOUBLE_EQ(*type.reward, (0.5 + 0.9 + 0) / 3);
  EXPECT_DOUBLE_EQ(type.baseline, 2.0 / 3);
  EXPECT_FALSE(type.over_half.has_value());
  EXPECT_LE(type.low, type.score);
  EXPECT_GE(type.high, type.score);
  const TaskScore& locate = evaluation.tasks[0];
  EXPECT_GT(locate.score, 0.35);
  EXPECT_DOUBLE_EQ(*locate.over_half, 0.5);
}

TEST(EvaluationTest, DoesNotDependOnTheOrderOfGroups) {
  auto groups = some_groups();
  const std::string forward = to_json(of(groups)).dump();
  std::ranges::reverse(groups);
  EXPECT_EQ(to_json(of(groups)).dump(), forward);
}

TEST(EvaluationTest, JoinsGroupsOfOnePrompt) {
  const Prompt prompt = type_prompt(0, "red");
  const Evaluation evaluation = of({answered(prompt, {"red"}), answered(prompt, {"white"})});
  ASSERT_EQ(evaluation.prompts.size(), 1u);
  EXPECT_DOUBLE_EQ(evaluation.prompts[0].score, 0.5);
  EXPECT_EQ(evaluation.tasks[0].n, 1);
}

TEST(EvaluationTest, LeavesOutcomesThatAreNoScoresOutOfTheReward) {
  auto scored = answered(type_prompt(0, "red"), {"red", "red"}, {0.8, 0});
  scored.outcomes[1].kind = Outcome::Kind::kInfraError;
  EXPECT_DOUBLE_EQ(*of({scored}).prompts[0].reward, 0.8);
  scored.outcomes[0].kind = Outcome::Kind::kTimeout;
  EXPECT_FALSE(of({scored}).prompts[0].reward.has_value());
  EXPECT_FALSE(of({scored}).tasks[0].reward.has_value());
}

TEST(EvaluationTest, NamesItsMetrics) {
  const auto greedy = evaluation_metrics(of(some_groups()));
  EXPECT_DOUBLE_EQ(greedy.at("eval/type/score"), 0.5);
  EXPECT_DOUBLE_EQ(greedy.at("eval/type/n"), 3);
  EXPECT_EQ(greedy.count("eval/locate/over_half"), 1u);
  const auto blank = evaluation_metrics(of(some_groups(), EvaluationMode::kBlank));
  EXPECT_DOUBLE_EQ(blank.at("eval/type/blank_score"), 0.5);
  EXPECT_EQ(blank.count("eval/type/score"), 0u);
}

TEST(EvaluationTest, KnowsItsModesByName) {
  for (const char* name : {"greedy", "sampled", "blank", "no_tool", "shuffled"})
    EXPECT_EQ(to_text(evaluation_mode(name).value()), name);
  EXPECT_FALSE(evaluation_mode("guess").has_value());
}

TEST(EvaluationTest, AveragesTheStepsOfPromptsThatHaveAPath) {
  const Prompt prompt = prompt_of("multihop", 0, {{"answer", "B"}, {"path", {"A | gene | B"}}});
  const ScoredGroup none = answered(prompt, {"B"});
  auto group = std::make_shared<Group>(*none.group);
  group->trajectories.push_back(group->trajectories[0]);
  group->trajectories[0].thoughts = {{"A | gene | B", 0, 0}};
  const Evaluation evaluation = of({{group, {}}, answered(type_prompt(0, "red"), {"red"})});
  EXPECT_DOUBLE_EQ(*evaluation.tasks[0].steps, 0.5);
  EXPECT_DOUBLE_EQ(evaluation_metrics(evaluation).at("eval/multihop/steps"), 0.5);
  EXPECT_FALSE(evaluation.tasks[1].steps.has_value());
}

TEST(EvaluationTest, HashesWhatWasAsked) {
  Prompt prompt = type_prompt(0, "red");
  const auto hash = [&] { return of({answered(prompt, {"red"})}).tasks[0].prompts_hash; };
  const std::string first = hash();
  EXPECT_EQ(first.size(), 32u);
  EXPECT_EQ(hash(), first);
  prompt.text = "Which cell?";
  EXPECT_NE(hash(), first);
}

TEST(SameChoice, IsTheShareOfPromptsWithTheSameOption) {
  const auto at = [](int number, const std::vector<std::string>& options,
                     const std::vector<std::string>& said) {
    return answered(exam_prompt(number, "A", options), said);
  };
  const Evaluation plain = of({at(0, {"Iron", "Zinc"}, {"A"}), at(1, {"Iron", "Zinc"}, {"A"}),
                               at(2, {"Iron", "Zinc"}, {"what"}), at(3, {"Iron", "Zinc"}, {"B"})});
  // Iron again, Zinc instead of Iron, nothing twice, and a prompt that only one has.
  const Evaluation other = of({at(0, {"Zinc", "Iron"}, {"B"}), at(1, {"Zinc", "Iron"}, {"A"}),
                               at(2, {"Zinc", "Iron"}, {"what"}), at(9, {"Zinc", "Iron"}, {"A"})});
  EXPECT_DOUBLE_EQ(same_choice(plain, other).at("medqa"), 1.0 / 3);
  // Answers of one prompt that differ choose nothing together.
  EXPECT_FALSE(of({at(0, {"Iron", "Zinc"}, {"A", "B"})}).prompts[0].chosen.has_value());
}

TEST(EvaluationTest, DrawsStoredIntervalsAnew) {
  std::vector<ScoredGroup> groups;
  for (int i = 0; i < 30; ++i)
    groups.push_back(answered(type_prompt(i, "red"), {i % 3 == 0 ? "red" : "white"}));
  Evaluation once = evaluate(groups, EvaluationMode::kGreedy, {.seed = 1, .resamples = 40});
  const Evaluation other = evaluate(groups, EvaluationMode::kGreedy, {.seed = 9, .resamples = 900});
  ASSERT_NE(once.tasks[0].low, other.tasks[0].low);
  draw_intervals(once, {.seed = 9, .resamples = 900});
  EXPECT_EQ(to_json(once).dump(), to_json(other).dump());
}

TEST(PairedDifferences, CompareTheSamePrompts) {
  std::vector<ScoredGroup> before, after;
  for (int i = 0; i < 20; ++i) {
    before.push_back(answered(type_prompt(i, "red"), {i % 2 == 0 ? "red" : "white"}));
    after.push_back(answered(type_prompt(i, "red"), {i < 18 ? "red" : "white"}));
  }
  after.push_back(answered(type_prompt(99, "red"), {"white"}));
  const auto all = paired_differences(of(before), of(after), {.seed = 2, .resamples = 1000});
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all.value().size(), 2u);
  const Difference& type = all.value()[0];
  EXPECT_EQ(type.n, 20);
  EXPECT_DOUBLE_EQ(type.before, 0.5);
  EXPECT_DOUBLE_EQ(type.after, 0.9);
  EXPECT_DOUBLE_EQ(type.difference, 0.4);
  EXPECT_GT(type.low, 0.05);
  EXPECT_LT(type.high, 0.75);
}

TEST(PairedDifferences, AreNarrowerThanUnpairedOnes) {
  // Every prompt gains the same, while prompts differ much among themselves.
  std::vector<ScoredGroup> before, after;
  for (int i = 0; i < 12; ++i) {
    const bool easy = i % 2 == 0;
    before.push_back(answered(type_prompt(i, "red"), {easy ? "red" : "white", "white"}));
    after.push_back(answered(type_prompt(i, "red"), {easy ? "red" : "white", "red"}));
  }
  const auto all = paired_differences(of(before), of(after), {});
  EXPECT_DOUBLE_EQ(all.value()[0].low, 0.5);
  EXPECT_DOUBLE_EQ(all.value()[0].high, 0.5);
}

TEST(PairedDifferences, WeighTasksAlikeInTheMean) {
  const Prompt box = prompt_of("sum", 0, {{"answer", 1}});
  const std::vector<ScoredGroup> before = {
      answered(type_prompt(0, "red"), {"red"}), answered(type_prompt(1, "red"), {"red"}),
      answered(type_prompt(2, "red"), {"red"}), answered(box, {"2"})};
  auto after = before;
  after[3] = answered(box, {"1"});
  const auto all = paired_differences(of(before), of(after), {});
  const Difference& mean = all.value().back();
  EXPECT_EQ(mean.task, "mean");
  EXPECT_EQ(mean.n, 4);
  EXPECT_DOUBLE_EQ(mean.before, 0.5);
  EXPECT_DOUBLE_EQ(mean.after, 1);
  EXPECT_DOUBLE_EQ(mean.difference, 0.5);
}

TEST(PairedDifferences, NeedAPromptInCommon) {
  const auto none = paired_differences(of({answered(type_prompt(0, "red"), {"red"})}),
                                       of({answered(type_prompt(1, "red"), {"red"})}), {});
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().message, "the two evaluations have no prompt in common");
}

}  // namespace
}  // namespace nelumbo
