// SPDX-License-Identifier: Apache-2.0
#include "apps/token_sources.h"

#include <algorithm>
#include <set>

#include "corpus/smear_items.h"
#include "tests/apps/small_policy.h"

namespace nelumbo {
namespace {

/// What a perfect policy predicts on `groups`.
Predictions truth_of(const std::vector<TrainingGroup>& groups) {
  Predictions all;
  for (const TrainingGroup& group : groups) {
    all.emplace_back();
    for (const TrainingItem& item : group.items) {
      all.back().emplace_back();
      for (size_t i = 0; i < item.tokens.size(); ++i)
        if (item.trained[i] != 0)
          all.back().back().push_back(item.tokens[i]);
    }
  }
  return all;
}

TEST(TokenSources, DealEveryPictureOnceARound) {
  for (int64_t round = 0; round < 3; ++round) {
    std::set<int64_t> seen;
    for (int64_t i = 0; i < 7; ++i)
      seen.insert(dealt(1, StageKind::kSft, round * 7 + i, 7));
    EXPECT_EQ(seen.size(), 7U);
  }
}

TEST(Dealt, ARangeIsItsPlacesAcrossRounds) {
  const std::vector<int64_t> range = dealt_range(3, StageKind::kDpo, 4, 12, 7);
  ASSERT_EQ(range.size(), 12U);
  for (int64_t i = 0; i < 12; ++i)
    EXPECT_EQ(range[static_cast<size_t>(i)], dealt(3, StageKind::kDpo, 4 + i, 7)) << i;
}

TEST(TokenSources, ShuffleEachRoundAndEachSeedAnew) {
  const auto order = [](uint64_t seed, int64_t round) {
    std::vector<int64_t> all;
    for (int64_t i = 0; i < 20; ++i)
      all.push_back(dealt(seed, StageKind::kSft, round * 20 + i, 20));
    return all;
  };
  EXPECT_EQ(order(1, 0), order(1, 0));
  EXPECT_NE(order(1, 0), order(1, 1));
  EXPECT_NE(order(1, 0), order(2, 0));
}

TEST(TokenSources, GiveAStepTheSameBatchWheneverItIsAsked) {
  const auto first = token_batch(*tiny_materials(), StageKind::kSft, 5);
  token_batch(*tiny_materials(), StageKind::kSft, 6);
  const auto again = token_batch(*tiny_materials(), StageKind::kSft, 5);
  ASSERT_EQ(first.size(), static_cast<size_t>(tiny_materials()->config.sft.images));
  for (size_t g = 0; g < first.size(); ++g) {
    EXPECT_EQ(*first[g].pixels[0], *again[g].pixels[0]);
    ASSERT_EQ(first[g].items.size(), again[g].items.size());
    for (size_t i = 0; i < first[g].items.size(); ++i)
      EXPECT_EQ(first[g].items[i].tokens, again[g].items[i].tokens);
  }
}

TEST(TokenSources, TeachCaptionsFirstAndAllTasksThen) {
  const auto pretrain = token_batch(*tiny_materials(), StageKind::kPretrain, 0);
  for (const TrainingGroup& group : pretrain)
    for (const TrainingItem& item : group.items)
      EXPECT_EQ(item.task, "caption");
  const auto sft = token_batch(*tiny_materials(), StageKind::kSft, 0);
  EXPECT_EQ(sft[0].items.size(), static_cast<size_t>(tiny_materials()->config.sft.items));
}

TEST(TokenSources, JudgeAPerfectPolicyPerfect) {
  const auto groups = token_validation(*tiny_materials(), StageKind::kSft);
  const Judgement judgement =
      judge_tokens(groups, *tiny_materials()->dialogue, {{"loss/locate", 0.5}}, truth_of(groups));
  EXPECT_EQ(judgement.metrics.at("eval/caption/accuracy"), 1);
  EXPECT_EQ(judgement.metrics.at("eval/caption/white_recall"), 1);
  EXPECT_DOUBLE_EQ(judgement.metrics.at("eval/locate/forced_iou"), 1);
  EXPECT_EQ(judgement.metrics.at("eval/locate/loss"), 0.5);
  EXPECT_EQ(judgement.value, 1);
}

TEST(TokenSources, GiveNoRecallToAPolicyThatNeverSeesAWhiteCell) {
  const auto groups = token_validation(*tiny_materials(), StageKind::kPretrain);
  Predictions blind = truth_of(groups);
  const int32_t white = *tiny_materials()->dialogue->tokenizer().id(" white");
  const int32_t red = *tiny_materials()->dialogue->tokenizer().id(" red");
  for (auto& group : blind)
    for (auto& item : group)
      std::replace(item.begin(), item.end(), white, red);
  const Judgement judgement = judge_tokens(groups, *tiny_materials()->dialogue, {}, blind);
  EXPECT_EQ(judgement.value, 0);
  EXPECT_GT(judgement.metrics.at("eval/caption/accuracy"), 0.3);
  EXPECT_LT(judgement.metrics.at("eval/caption/accuracy"), 1);
}

}  // namespace
}  // namespace nelumbo
