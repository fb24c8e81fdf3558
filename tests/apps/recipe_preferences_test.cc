// SPDX-License-Identifier: Apache-2.0
#include "apps/recipe_preferences.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rollout/tool_environment.h"
#include "tests/apps/small_policy.h"
#include "tests/support/curated_data.h"

namespace nelumbo {
namespace {

/// The tiny run with the questions of the curated data, and their tokenizer.
Materials asking() {
  Materials materials = *tiny_materials();
  materials.curated = CuratedRun{std::make_shared<const Curated>(shipped_curated()), "k", true, 0};
  auto dialogue = Dialogue::create(shipped_curated().tokenizer, materials.dialogue->image_tokens());
  materials.dialogue = std::make_shared<const Dialogue>(std::move(dialogue).value());
  materials.environment = std::make_shared<const ToolEnvironment>(materials.dialogue, 48);
  for (const MultiHopItem& item : shipped_curated().training)
    if (item.hops.size() > 1)
      materials.texts.multihop.push_back(item);
  return materials;
}

PreferencePairs pairs_of(const Materials& materials, StageKind stage) {
  auto pairs = recipe_preferences(materials, stage);
  EXPECT_TRUE(pairs.ok()) << pairs.error().message;
  return pairs ? std::move(pairs).value() : PreferencePairs();
}

TEST(RecipePreferences, HoldOutTheQuestionsOfEvaluation) {
  const Materials materials = asking();
  const PreferencePairs pairs = pairs_of(materials, StageKind::kDpo);
  EXPECT_EQ(pairs.train, std::ssize(materials.texts.multihop));
  EXPECT_EQ(std::ssize(pairs.all.groups) - pairs.train,
            std::ssize(materials.curated->data->validation));
  EXPECT_EQ(pairs.all.offsets.size(), pairs.all.groups.size());
}

TEST(RecipePreferences, TheWorseAnswerIsAnotherChoice) {
  const Materials materials = asking();
  const PreferencePairs pairs = pairs_of(materials, StageKind::kDpo);
  for (int64_t i = 0; i < 10; ++i) {
    const TrainingGroup& group = pairs.all.groups[static_cast<size_t>(i)];
    ASSERT_EQ(group.items.size(), 2U);
    const std::string better = materials.dialogue->text(group.items[0].tokens);
    const std::string worse = materials.dialogue->text(group.items[1].tokens);
    const std::string gold = materials.texts.multihop[static_cast<size_t>(i)].answer();
    EXPECT_NE(better.find("<answer> " + gold + "</answer>"), std::string::npos) << better;
    EXPECT_EQ(worse.find("<answer> " + gold + "</answer>"), std::string::npos) << worse;
  }
}

TEST(RecipePreferences, ARewardModelIsScoredAtTheLastToken) {
  const PreferencePairs pairs = pairs_of(asking(), StageKind::kRewardModel);
  for (const TrainingItem& item : pairs.all.groups[0].items) {
    EXPECT_EQ(std::ranges::count(item.trained, 1), 1);
    EXPECT_EQ(item.trained.back(), 1);
  }
}

TEST(RecipePreferences, EachRecalledLineIsAStepThatIsSoundOrNot) {
  const Materials materials = asking();
  const PreferencePairs pairs = pairs_of(materials, StageKind::kPrm);
  ASSERT_EQ(pairs.all.labels.size(), pairs.all.groups.size());
  for (size_t g = 0; g < pairs.all.groups.size(); ++g) {
    const TrainingGroup& group = pairs.all.groups[g];
    const std::vector<float>& labels = pairs.all.labels[g];
    int64_t targets = 0;
    for (const TrainingItem& item : group.items)
      targets += std::ranges::count(item.trained, 1);
    ASSERT_EQ(targets, std::ssize(labels));
    const auto half = labels.begin() + targets / 2;
    EXPECT_EQ(std::count(labels.begin(), half, 1.0F), targets / 2) << "the gold path is sound";
    EXPECT_NE(std::count(half, labels.end(), 0.0F), 0);
  }
}

TEST(RecipePreferences, AStepIsReadWhereTheEnvironmentEndsIt) {
  const Materials materials = asking();
  const TrainingItem item = pairs_of(materials, StageKind::kPrm).all.groups[0].items[0];
  Trajectory answer;
  answer.tokens = item.tokens;
  materials.environment->finish({}, {}, &answer);
  for (const ThoughtStep& step : answer.thoughts)
    EXPECT_EQ(item.trained[static_cast<size_t>(step.last_token)], 1) << step.text;
}

TEST(RecipePreferences, AQuestionToTrainOnIsCorruptedInManyWays) {
  const PreferencePairs pairs = pairs_of(asking(), StageKind::kPrm);
  int64_t of_first = 0;
  std::set<std::vector<int32_t>> wrong;
  for (int64_t i = 0; i < pairs.train; ++i) {
    const TrainingGroup& group = pairs.all.groups[static_cast<size_t>(i)];
    if (group.items[0].tokens != pairs.all.groups[0].items[0].tokens)
      continue;
    ++of_first;
    wrong.insert(group.items[1].tokens);
  }
  EXPECT_EQ(of_first, 8);
  EXPECT_GT(wrong.size(), 4U);
}

TEST(RecipePreferences, SingleFactsAreStepsToJudgeAndNoAnswersToPrefer) {
  Materials materials = asking();
  const int64_t steps = pairs_of(materials, StageKind::kPrm).train;
  const int64_t answers = pairs_of(materials, StageKind::kRewardModel).train;
  for (const MultiHopItem& item : shipped_curated().training)
    if (item.hops.size() == 1)
      materials.texts.facts.push_back(item);
  ASSERT_FALSE(materials.texts.facts.empty());
  EXPECT_GT(pairs_of(materials, StageKind::kPrm).train, steps);
  EXPECT_EQ(pairs_of(materials, StageKind::kRewardModel).train, answers);
}

TEST(RecipePreferences, SaysThatThereIsNothingToLearnFrom) {
  Materials materials = asking();
  materials.texts.multihop.clear();
  EXPECT_FALSE(recipe_preferences(materials, StageKind::kDpo).ok());
}

}  // namespace
}  // namespace nelumbo
