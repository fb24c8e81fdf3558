// SPDX-License-Identifier: Apache-2.0
#include "learner/preferences.h"

#include <cmath>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TrainingItem item_of(std::vector<int32_t> tokens, std::vector<uint8_t> trained) {
  TrainingItem item;
  item.tokens = std::move(tokens);
  item.trained = std::move(trained);
  return item;
}

/// Two pairs: answers of two and one tokens, and of one and one.
PreferenceJob pairs(PreferenceKind kind) {
  PreferenceJob job{.kind = kind, .batch = {}, .config = {}, .place = {}};
  job.batch.groups = {{{1}, {}, {item_of({2, 3}, {1, 1}), item_of({4}, {1})}},
                      {{1}, {}, {item_of({5}, {1}), item_of({6}, {1})}}};
  job.batch.offsets = {0.5, -1};
  return job;
}

std::vector<PackedBatch> packed(const PreferenceJob& job, int64_t max_tokens) {
  PackOptions options;
  options.max_tokens = max_tokens;
  options.whole_groups = true;
  return pack(job.batch.groups, options);
}

TEST(Preferences, APlaceIsMarkedByATargetBehindIt) {
  const std::vector<int64_t> places = {0, 2};
  const TrainingItem item = scored_at(item_of({7, 8, 9}, {1, 1, 1}), places);
  EXPECT_EQ(item.tokens, (std::vector<int32_t>{7, 8, 9, 9}));
  EXPECT_EQ(item.trained, (std::vector<uint8_t>{0, 1, 0, 1}));
}

TEST(Preferences, PlacesAreTheRowsThatAreScored) {
  const std::vector<int64_t> places = {0, 2};
  const std::vector<TrainingGroup> groups = {
      {{1}, {}, {scored_at(item_of({7, 8, 9}, {}), places)}}};
  PackOptions options;
  options.max_tokens = 100;
  const auto batches = pack(groups, options);
  ASSERT_EQ(batches.size(), 1U);
  ASSERT_EQ(batches[0].rows.size(), 2U);
  EXPECT_EQ(batches[0].tokens[static_cast<size_t>(batches[0].rows[0])], 7);
  EXPECT_EQ(batches[0].tokens[static_cast<size_t>(batches[0].rows[1])], 9);
}

TEST(Preferences, DpoSumsTheTokensOfAnAnswer) {
  PreferenceJob job = pairs(PreferenceKind::kDpo);
  job.config.beta = 1;
  const auto batches = packed(job, 100);
  ASSERT_EQ(batches.size(), 1U);
  StepSums sums;
  // pair 0: (-1 - 2) - (-4.5) - 0.5 = 1; pair 1: -2 - -1 + 1 = 0
  const std::vector<float> logprobs = {-1, -2, -4.5F, -2, -1};
  const PreferenceLoss loss = preference_loss(job, batches[0], logprobs, sums);
  const double sigma = 1 / (1 + std::exp(1.0));  // of -1
  EXPECT_NEAR(loss.loss, 0.5 * (std::log1p(std::exp(-1.0)) + std::log(2.0)), 1e-12);
  const std::vector<double> expected = {-0.5 * sigma, -0.5 * sigma, 0.5 * sigma, -0.25, 0.25};
  for (size_t s = 0; s < expected.size(); ++s)
    EXPECT_NEAR(loss.gradient[s], expected[s], 1e-7) << s;
  const Metrics metrics = preference_metrics(sums);
  EXPECT_EQ(metrics.at("preference/accuracy"), 0.5);  // a tie is not right
  EXPECT_EQ(metrics.at("preference/margin"), 0.5);
  EXPECT_EQ(metrics.at("preference/better"), -2.5);
}

TEST(Preferences, TheLossDoesNotDependOnThePacking) {
  const PreferenceJob job = pairs(PreferenceKind::kDpo);
  StepSums one, two;
  const auto together = packed(job, 100), apart = packed(job, 1);
  ASSERT_EQ(apart.size(), 2U);
  const double whole = preference_loss(job, together[0], std::vector<float>(5, -1), one).loss;
  const double parts = preference_loss(job, apart[0], std::vector<float>(3, -1), two).loss +
                       preference_loss(job, apart[1], std::vector<float>(2, -1), two).loss;
  EXPECT_NEAR(whole, parts, 1e-15);
  EXPECT_EQ(preference_metrics(one), preference_metrics(two));
}

TEST(Preferences, ARewardModelAsksForTheMargin) {
  PreferenceJob job = pairs(PreferenceKind::kRewardModel);
  for (TrainingGroup& group : job.batch.groups)
    for (TrainingItem& item : group.items) {
      const int64_t last[] = {std::ssize(item.tokens) - 1};
      item = scored_at(item, last);
    }
  StepSums sums;
  const std::vector<float> scores = {2, 1, 0, 1};
  const auto batches = packed(job, 100);
  const PreferenceLoss loss = preference_loss(job, batches[0], scores, sums);
  // differences 2 - 1 - 0.5 and 0 - 1 + 1
  EXPECT_NEAR(loss.loss, 0.5 * (std::log1p(std::exp(-0.5)) + std::log(2.0)), 1e-12);
  EXPECT_EQ(preference_metrics(sums).at("preference/accuracy"), 0.5);
  EXPECT_EQ(preference_metrics(sums).at("preference/margin"), 0);
}

/// One chain of two steps and one of one.
PreferenceJob steps() {
  PreferenceJob job{.kind = PreferenceKind::kStepJudge, .batch = {}, .config = {}, .place = {}};
  const std::vector<int64_t> two = {0, 1}, one = {0};
  job.batch.groups = {
      {{1}, {}, {scored_at(item_of({2, 3}, {}), two), scored_at(item_of({4}, {}), one)}}};
  job.batch.labels = {{1, 0, 0}};
  return job;
}

TEST(Preferences, TheStepsOfAllChainsCountAlike) {
  const PreferenceJob job = steps();
  StepSums sums;
  const auto batches = packed(job, 1);
  ASSERT_EQ(batches.size(), 1U);
  const std::vector<float> scores = {1, 1, -1};
  const PreferenceLoss loss = preference_loss(job, batches[0], scores, sums);
  const double right = std::log1p(std::exp(-1.0)), wrong = std::log1p(std::exp(1.0));
  EXPECT_NEAR(loss.loss, (2 * right + wrong) / 3, 1e-12);
  EXPECT_NEAR(loss.gradient[1], 1 / (1 + std::exp(-1.0)) / 3, 1e-7);
  EXPECT_NEAR(preference_metrics(sums).at("preference/accuracy"), 2.0 / 3, 1e-12);
  EXPECT_EQ(preference_metrics(sums).at("preference/margin"), 1);
}

TEST(Preferences, FaultyStepsAreWhatIsFound) {
  PreferenceJob job = steps();
  job.batch.labels = {{1, 0, 0}, {1, 1, 0}};
  const Metrics metrics =
      judged_preferences("prm", job, {{2, -1, 1}, {-1, 1, -2}});  // found 2 of 3, 1 of 3 said wrong
  EXPECT_NEAR(metrics.at("eval/prm/precision"), 2.0 / 3, 1e-12);
  EXPECT_NEAR(metrics.at("eval/prm/recall"), 2.0 / 3, 1e-12);
  EXPECT_NEAR(metrics.at("eval/prm/f1"), 2.0 / 3, 1e-12);
  EXPECT_EQ(metrics.at("eval/prm/steps"), 6);
}

TEST(Preferences, ScoresComeInTheOrderOfTheGroups) {
  const PreferenceJob job = pairs(PreferenceKind::kDpo);
  const auto apart = packed(job, 1);
  PreferenceScores scores;
  add_scores(job, apart[1], std::vector<float>{-7, -8}, &scores);
  add_scores(job, apart[0], std::vector<float>{-1, -2, -3}, &scores);
  EXPECT_EQ(scores, (PreferenceScores{{-3, -3}, {-7, -8}}));
}

TEST(Preferences, ValidationSaysWhatTrainingWould) {
  PreferenceJob job = pairs(PreferenceKind::kDpo);
  job.config.beta = 1;
  const Metrics metrics = judged_preferences("dpo", job, {{-3, -4.5}, {-2, -1}});
  EXPECT_NEAR(metrics.at("eval/dpo/loss"), 0.5 * (std::log1p(std::exp(-1.0)) + std::log(2.0)),
              1e-12);
  EXPECT_EQ(metrics.at("eval/dpo/accuracy"), 0.5);
  EXPECT_FALSE(metrics.contains("eval/dpo/f1"));
}

}  // namespace
}  // namespace nelumbo
