// SPDX-License-Identifier: Apache-2.0
#include "apps/evaluation_scores.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using nlohmann::json;

/// One answer to "type" number `i`, right or wrong, worth `reward`.
ScoredGroup answer(int i, bool right, double reward, const std::string& ending = "") {
  auto prompt = std::make_shared<Prompt>();
  prompt->id = "val/x/type/" + std::to_string(i) + ending;
  prompt->task = "type";
  prompt->truth = {{"answer", "red"}, {"choices", {"red", "white"}}};
  Trajectory t;
  t.tokens = {1};
  t.sampled = {1};
  t.answered = true;
  t.answer = right ? "red" : "white";
  auto group = std::make_shared<Group>();
  group->prompt = prompt;
  group->trajectories = {t};
  Outcome outcome;
  outcome.total = reward;
  return {group, {outcome}};
}

std::vector<ScoredGroup> answers(int n, int right, const std::string& ending = "") {
  std::vector<ScoredGroup> all;
  for (int i = 0; i < n; ++i)
    all.push_back(answer(i, i < right, i < right ? 1 : 0.25, ending));
  return all;
}

json pass(const std::string& mode, const std::vector<ScoredGroup>& groups) {
  return score_pass(mode, groups, {}).evaluation;
}

const json* compared(const json& evaluation, const std::string& what) {
  for (const json& one : evaluation["paired"])
    if (one["compared"] == what && one["name"] == "type")
      return &one;
  return nullptr;
}

TEST(EvaluationScores, GiveMetricsAndTheMeanRewardOfAPass) {
  const PassScores scores = score_pass("sampled", answers(4, 2), {});
  ASSERT_TRUE(scores.mean_reward.has_value());
  EXPECT_DOUBLE_EQ(*scores.mean_reward, (1 + 1 + 0.25 + 0.25) / 4);
  EXPECT_EQ(scores.metrics.at("eval/type/sampled_score"), 0.5);
}

TEST(EvaluationScores, CompareTheLastPolicyWithTheFirstByRewardAndByScore) {
  const auto all =
      evaluation_json({{"before RL", 10, json::array({pass("sampled", answers(8, 2))})},
                       {"after RL", 20, json::array({pass("sampled", answers(8, 6))})}},
                      {});
  ASSERT_TRUE(all.ok()) << all.error().message;
  const json* score = compared(all.value(), "sampled score: after RL - before RL");
  const json* reward = compared(all.value(), "sampled reward: after RL - before RL");
  ASSERT_TRUE(score != nullptr && reward != nullptr) << all.value().dump(1);
  EXPECT_DOUBLE_EQ((*score)["difference"], 0.5);
  EXPECT_DOUBLE_EQ((*reward)["difference"], 0.375);
}

TEST(EvaluationScores, PairABlankPictureWithTheSamePromptInPlainSight) {
  const auto all = evaluation_json(
      {{"after RL", 20,
        json::array({pass("greedy", answers(8, 8)), pass("blank", answers(8, 4, "/blank"))})}},
      {});
  ASSERT_TRUE(all.ok()) << all.error().message;
  const json* control = compared(all.value(), "greedy score: picture - blank picture");
  ASSERT_NE(control, nullptr) << all.value().dump(1);
  EXPECT_DOUBLE_EQ((*control)["difference"], 0.5);
  EXPECT_EQ((*control)["n"], 8);
}

TEST(EvaluationScores, SayHowOftenTheSameOptionIsChosenInAnotherOrder) {
  // In order six of eight are right and the other two "white"; shuffled four are right.
  const auto all = evaluation_json({{"after RL", 20,
                                     json::array({pass("greedy", answers(8, 6)),
                                                  pass("shuffled", answers(8, 4, "/shuffled"))})}},
                                   {});
  ASSERT_TRUE(all.ok()) << all.error().message;
  const json* control = compared(all.value(), "greedy score: options in order - options shuffled");
  ASSERT_NE(control, nullptr) << all.value().dump(1);
  EXPECT_EQ((*control)["control"], "shuffled");
  EXPECT_DOUBLE_EQ((*control)["difference"], 0.25);
  EXPECT_DOUBLE_EQ((*control)["consistency"], 0.75);
}

TEST(EvaluationScores, CompareTheStepsThatPoliciesRecall) {
  const auto recalling = [](bool all) {
    ScoredGroup scored = answer(0, true, 1);
    auto prompt = std::make_shared<Prompt>(*scored.group->prompt);
    prompt->truth["path"] = {"A | gene | B", "B | band | C"};
    auto group = std::make_shared<Group>(*scored.group);
    group->prompt = prompt;
    group->trajectories[0].thoughts = {{"A | gene | B", 0, 0}};
    if (all)
      group->trajectories[0].thoughts.push_back({"B | band | C", 0, 0});
    return json::array({pass("greedy", {{group, scored.outcomes}})});
  };
  const auto all =
      evaluation_json({{"before RL", 1, recalling(false)}, {"after RL", 2, recalling(true)}}, {});
  ASSERT_TRUE(all.ok()) << all.error().message;
  const json* steps = compared(all.value(), "greedy steps: after RL - before RL");
  ASSERT_NE(steps, nullptr) << all.value().dump(1);
  EXPECT_DOUBLE_EQ((*steps)["difference"], 0.5);
  EXPECT_DOUBLE_EQ(all.value()["policies"][1]["sets"][0]["steps"], 1);
}

TEST(EvaluationScores, GroupTheGreedyAnswersOfEachPolicyIntoClasses) {
  const auto all = evaluation_json(
      {{"after RL", 20,
        json::array({pass("greedy", answers(4, 1)), pass("sampled", answers(4, 4))})}},
      {});
  ASSERT_TRUE(all.ok()) << all.error().message;
  EXPECT_DOUBLE_EQ(all.value()["policies"][0]["benchmark"]["classes"]["visual"]["score"], 0.25);
}

TEST(EvaluationScores, PrintWhatAConstantAnswerReaches) {
  const auto all =
      evaluation_json({{"after RL", 20, json::array({pass("greedy", answers(4, 1))})}}, {});
  ASSERT_TRUE(all.ok()) << all.error().message;
  EXPECT_EQ(all.value()["baselines"][0]["name"], "most frequent answer");
  EXPECT_DOUBLE_EQ(all.value()["baselines"][0]["score"], 1.0);
}

TEST(EvaluationScores, NameThePolicyWhoseRecordIsBroken) {
  const auto all = evaluation_json({{"before RL", 1, json::array({json::object()})}}, {});
  ASSERT_FALSE(all.ok());
  EXPECT_EQ(all.error().code, Errc::kBadData);
  EXPECT_NE(all.error().message.find("before RL"), std::string::npos);
}

TEST(EvaluationScores, GiveASuiteInTheFormThatScriptsRead) {
  const json greedy = pass("greedy", answers(4, 1));
  const auto suite = suite_json(json::array({greedy}), "all", {});
  ASSERT_TRUE(suite.ok()) << suite.error().message;
  EXPECT_EQ(suite.value()["classes"]["visual"]["sets"].size(), 1U);
  EXPECT_FALSE(suite.value().contains("controls"));
  EXPECT_FALSE(suite_json(json::array({greedy}), "al", {}).ok());
}

TEST(EvaluationScores, GiveASuiteItsControls) {
  const auto suite = suite_json(
      json::array({pass("greedy", answers(4, 4)), pass("blank", answers(4, 1, "/blank"))}),
      "visual", {});
  ASSERT_TRUE(suite.ok()) << suite.error().message;
  EXPECT_EQ(suite.value()["controls"][0]["control"], "blank");
  EXPECT_DOUBLE_EQ(suite.value()["controls"][0]["difference"], 0.75);
}

}  // namespace
}  // namespace nelumbo
