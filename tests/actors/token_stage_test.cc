// SPDX-License-Identifier: Apache-2.0
#include "actors/token_stage.h"

#include <gtest/gtest.h>

#include "tests/support/direct_run.h"
#include "tests/support/leaping_learner.h"

namespace nelumbo {
namespace {

TEST(TokenStage, GoesOnUntilItsGateIsReached) {
  FakeRun fakes({StageKind::kPretrain});
  fakes.setup.pretrain.min_recall = 0.9;
  fakes.token_values = {0.1, 0.2, 0.95};
  fakes.open();
  const PipelineReport report = DirectRun(fakes).run();
  ASSERT_TRUE(report.end.ok());
  EXPECT_EQ(report.steps, 6);
  EXPECT_TRUE(fakes.warnings.empty());
}

TEST(TokenStage, GivesUpAtTwiceItsSteps) {
  FakeRun fakes({StageKind::kPretrain});
  fakes.setup.pretrain.min_recall = 0.9;
  fakes.token_values.assign(10, 0.1);
  fakes.open();
  const PipelineReport report = DirectRun(fakes).run();
  ASSERT_TRUE(report.end.ok());
  EXPECT_EQ(report.steps, 8);
  ASSERT_EQ(fakes.warnings.size(), 1U);
  EXPECT_NE(fakes.warnings[0].find("pretrain: min_recall 0.9"), std::string::npos);
}

TEST(TokenStage, GoesBackFromASpikeAndDoesNotGiveThoseBatches) {
  FakeRun fakes({StageKind::kPretrain, StageKind::kSft});
  fakes.setup.sft.training.guard.policy = "rollback";
  const std::set<int64_t> leaps = {3};
  fakes.setup.crew.make_learner = [&](LearnerRanks) {
    return std::make_unique<LeapingLearner>(&leaps);
  };
  fakes.setup.pretrain.steps = 3;  // and a checkpoint behind it
  fakes.setup.run.checkpoint_every = 100;
  fakes.open();
  EXPECT_EQ(DirectRun(fakes).run().end.error().code, Errc::kUnavailable);
  fakes.open(true);
  const PipelineReport report = DirectRun(fakes).run();
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(report.steps, 7);
  EXPECT_EQ(report.stages[1].done, 4);
}

TEST(TokenStage, StopsAtASpikeBeforeItsFirstCheckpoint) {
  FakeRun fakes({StageKind::kPretrain});
  fakes.setup.pretrain.training.guard.policy = "rollback";
  const std::set<int64_t> leaps = {0};
  fakes.setup.crew.make_learner = [&](LearnerRanks) {
    return std::make_unique<LeapingLearner>(&leaps);
  };
  fakes.open();
  const PipelineReport report = DirectRun(fakes).run();
  ASSERT_FALSE(report.end.ok());
  EXPECT_EQ(report.end.error().code, Errc::kDiverged);
  EXPECT_NE(report.end.error().message.find("no checkpoint of this stage"), std::string::npos);
}

TEST(TokenStage, AsksForEachBatchOnce) {
  FakeRun fakes({StageKind::kSft});
  std::vector<int64_t> asked;
  fakes.setup.sources.token_batch = [&](StageKind, int64_t step) {
    asked.push_back(step);
    return std::vector<TrainingGroup>{{{1}, {}, {}}};
  };
  fakes.open();
  ASSERT_TRUE(DirectRun(fakes).run().end.ok());
  EXPECT_EQ(asked, (std::vector<int64_t>{0, 1, 2, 3}));
}

TEST(TokenStage, ShowsValidationsWithTheirSteps) {
  FakeRun fakes({StageKind::kSft});
  fakes.open();
  DirectRun run(fakes);
  ASSERT_TRUE(run.run().end.ok());
  EXPECT_FALSE(run.crew->lines.at(0).values.contains("eval/caption/recall"));
  EXPECT_TRUE(run.crew->lines.at(1).values.contains("eval/caption/recall"));
}

TEST(TokenStage, IsDoneAtOnceWithoutSteps) {
  FakeRun fakes({StageKind::kSft});
  fakes.setup.sft.steps = 0;
  fakes.open();
  const PipelineReport report = DirectRun(fakes).run();
  EXPECT_TRUE(report.end.ok());
  EXPECT_EQ(report.steps, 0);
}

}  // namespace
}  // namespace nelumbo
