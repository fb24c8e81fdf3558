// SPDX-License-Identifier: Apache-2.0
#include "learner/step_sums.h"

#include <gtest/gtest.h>

#include "tests/support/rank_threads.h"

namespace nelumbo {
namespace {

TEST(StepSums, TasksGatherLossAndTokens) {
  PackedBatch batch;
  batch.targets = {7, 8, 9};
  batch.tasks = {"caption", "locate"};
  batch.task = {1, 0, 1};
  StepSums sums;
  add_tasks(batch, std::vector<float>{-0.5F, -1, -2}, sums);
  EXPECT_EQ(sums.tasks.at("locate").loss, 2.5);
  EXPECT_EQ(sums.tasks.at("locate").tokens, 2);
  EXPECT_EQ(sums.tasks.at("caption").loss, 1);
}

TEST(StepSums, SayWhatAStepWas) {
  StepSums sums;
  sums.loss = 3;
  sums.targets = 4;
  sums.entropy = 2;
  sums.tasks["locate"] = {.loss = 6, .right = 0, .tokens = 3};
  EXPECT_EQ(
      step_metrics(sums),
      (Metrics{{"optim/loss", 3}, {"perf/rows", 0}, {"loss/locate", 2}, {"policy/entropy", 0.5}}));
}

TEST(StepSums, RanksAddUpAndTheLargestMismatchCounts) {
  on_rank_threads(2, [](Collectives& ranks) {
    StepSums sums;
    const bool first = ranks.rank() == 0;
    sums.loss = first ? 1 : 10;
    sums.mismatch = first ? 0.5 : 0.25;
    sums.kl = first ? 0.5 : 1;
    sums.targets = 3;
    sums.rows = first ? 100 : 50;
    if (first)
      sums.tasks["locate"] = {.loss = 4, .right = 1, .tokens = 3};
    ASSERT_TRUE(exchange(sums, {"locate", "none"}, ranks, rank_deadline()).ok());
    EXPECT_EQ(sums.loss, 11);
    EXPECT_EQ(sums.mismatch, 0.5);
    EXPECT_EQ(sums.mean_kl(), 0.25);
    EXPECT_EQ(sums.targets, 6);
    EXPECT_EQ(sums.rows, 150);
    EXPECT_EQ(sums.tasks.size(), 1);
    EXPECT_EQ(sums.tasks.at("locate").tokens, 3);
    EXPECT_EQ(sums.tasks.at("locate").right, 1);
  });
}

}  // namespace
}  // namespace nelumbo
