// SPDX-License-Identifier: Apache-2.0
#include "actors/rl_metrics.h"

#include <gtest/gtest.h>

#include "tests/support/fake_policy.h"

namespace nelumbo {
namespace {

TEST(RlMetrics, AveragesScoresOnly) {
  std::vector<ScoredGroup> groups{fake_scored(1, {0.25, 0.75, 1})};
  groups[0].outcomes[2].kind = Outcome::Kind::kTimeout;
  const Metrics metrics = group_metrics(groups);
  EXPECT_DOUBLE_EQ(metrics.at("reward/mean"), 0.5);
  EXPECT_DOUBLE_EQ(metrics.at("reward/std"), 0.25);
  EXPECT_DOUBLE_EQ(metrics.at("reward/task/locate/mean"), 0.5);
  EXPECT_DOUBLE_EQ(metrics.at("errors/timeout"), 1);
}

TEST(RlMetrics, CountsDrawnTokensOnly) {
  EXPECT_EQ(sampled_tokens({fake_scored(1, {0, 1})}), 2);
  EXPECT_DOUBLE_EQ(group_metrics({fake_scored(1, {0, 1})}).at("rollout/length/mean"), 1);
}

TEST(RlMetrics, TellsErrorsFromInvalidAnswers) {
  std::vector<ScoredGroup> groups{fake_scored(1, {0, 0, 0, 0})};
  groups[0].outcomes[0].kind = Outcome::Kind::kInvalid;
  groups[0].outcomes[1].kind = Outcome::Kind::kInfraError;
  const OutcomeCounts counts = count_outcomes(groups);
  EXPECT_DOUBLE_EQ(counts.no_score_rate(), 0.5);
  EXPECT_DOUBLE_EQ(counts.error_rate(), 0.25);
}

TEST(RlMetrics, ShowsTheRatesOfOutcomesThatAreNoScores) {
  ScoredGroup group = fake_scored(1, {1, 1, 1, 1});
  group.outcomes[0].kind = Outcome::Kind::kInvalid;
  group.outcomes[1].kind = Outcome::Kind::kTimeout;
  const Metrics metrics = group_metrics({group});
  EXPECT_EQ(metrics.at("errors/no_score_rate"), 0.5);
  EXPECT_EQ(metrics.at("errors/error_rate"), 0.25);
  EXPECT_EQ(metrics.at("reward/mean"), 1);
}

TEST(RlMetrics, HasRatesOfNothing) {
  EXPECT_EQ(count_outcomes({}).no_score_rate(), 0);
  EXPECT_EQ(group_metrics({}).at("reward/mean"), 0);
}

TEST(RlMetrics, MeasuresHowFarTokensLagBehind) {
  auto group = std::make_shared<Group>(*fake_scored(1, {0, 1}).group);
  group->trajectories[0].version = PolicyVersion{5};
  group->trajectories[1].version = PolicyVersion{7};
  ScoredGroup scored{group, std::vector<Outcome>(2)};
  const Metrics metrics = staleness_metrics({scored}, PolicyVersion{7});
  EXPECT_EQ(metrics.at("off_policy/max"), 2);
  EXPECT_EQ(metrics.at("off_policy/mean"), 1);
  EXPECT_EQ(metrics.size(), 2U);
}

TEST(RlMetrics, CountsEachTokenByTheWeightsThatDrewIt) {
  auto group = std::make_shared<Group>(*fake_scored(1, {0, 1}).group);
  Trajectory& swapped = group->trajectories[0];
  swapped.version = PolicyVersion{5};
  swapped.tokens = {1, 2, 3, 4};
  swapped.sampled = {1, 1, 0, 1};
  swapped.swaps = {{1, PolicyVersion{6}}, {2, PolicyVersion{7}}};
  group->trajectories[1].version = PolicyVersion{6};  // one token of two was drawn
  EXPECT_EQ(oldest_version(*group), PolicyVersion{5});
  ScoredGroup scored{group, std::vector<Outcome>(2)};
  const Metrics metrics = staleness_metrics({scored}, PolicyVersion{7}, true);
  EXPECT_EQ(metrics.at("off_policy/max"), 2);
  EXPECT_EQ(metrics.at("off_policy/mean"), 1);
  EXPECT_EQ(metrics.at("off_policy/lag_0"), 0.25);
  EXPECT_EQ(metrics.at("off_policy/lag_1"), 0.5);
  EXPECT_EQ(metrics.at("off_policy/lag_2"), 0.25);
  EXPECT_EQ(metrics.at("off_policy/swapped"), 0.5);
}

}  // namespace
}  // namespace nelumbo
