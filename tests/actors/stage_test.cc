// SPDX-License-Identifier: Apache-2.0
#include "actors/stage.h"

#include <cerrno>
#include <future>
#include <set>

#include <gtest/gtest.h>

#include "base/disk_fault.h"
#include "base/file.h"
#include "tests/support/direct_run.h"
#include "tests/support/leaping_learner.h"

namespace nelumbo {
namespace {

TEST(Stage, SavesWhenACheckpointIsDue) {
  FakeRun fakes({StageKind::kRl});
  fakes.open();
  DirectRun run(fakes);
  run.context->advance(true);
  ASSERT_TRUE(run.context->checkpoint_if_due().ok());
  EXPECT_FALSE(run.context->store().has_step(1));
  run.context->advance(true);
  ASSERT_TRUE(run.context->checkpoint_if_due().ok());
  EXPECT_TRUE(run.context->store().has_step(2));
}

TEST(Stage, SavesBeforeItSaysPreempted) {
  FakeRun fakes({StageKind::kRl});
  fakes.open();
  DirectRun run(fakes);
  run.context->advance(true);
  EXPECT_EQ(run.context->preempt().code, Errc::kPreempted);
  EXPECT_TRUE(run.context->store().has_step(1));
}

TEST(Stage, LeavesOutACheckpointRatherThanWaitForASlowDisk) {
  FakeRun fakes({StageKind::kRl});
  fakes.setup.run.checkpoint_wait = 0;
  std::promise<void> written;
  fakes.setup.write_model = [end = written.get_future().share()](const std::string& place,
                                                                 const WeightSet& weights) {
    end.wait();
    return write_safetensors(place + "/model.safetensors", weights);
  };
  fakes.open();
  DirectRun run(fakes);
  for (int step = 0; step < 4; ++step) {
    run.context->advance(true);
    ASSERT_TRUE(run.context->checkpoint_if_due().ok());
  }
  written.set_value();
  EXPECT_TRUE(run.context->store().has_step(2));
  EXPECT_FALSE(run.context->store().has_step(4));
  ASSERT_EQ(fakes.warnings.size(), 1U);
  EXPECT_NE(fakes.warnings[0].find("still being written"), std::string::npos);
}

/// Lets the next `count` checkpoints fail, as a disk would.
void refuse_checkpoints(FakeRun& fakes, int64_t* count,
                        const std::string& why = "model.safetensors: no room") {
  fakes.setup.write_model = [count, why](const std::string& place, const WeightSet& weights) {
    if ((*count)-- > 0)
      return Result<std::string>(Error{Errc::kEnvironment, why});
    return write_safetensors(place + "/model.safetensors", weights);
  };
}

TEST(Stage, GoesOnWhereTheDiskRefusesOneCheckpoint) {
  FakeRun fakes({StageKind::kRl});
  int64_t refused = 1;
  refuse_checkpoints(fakes, &refused);
  fakes.open();
  DirectRun run(fakes);
  run.context->advance(true);
  ASSERT_TRUE(run.context->checkpoint().ok());
  EXPECT_FALSE(run.context->is_saved());
  ASSERT_EQ(fakes.warnings.size(), 1U);
  EXPECT_NE(fakes.warnings[0].find("step 1: no checkpoint: model.safetensors: no room"),
            std::string::npos)
      << fakes.warnings[0];
  run.context->advance(true);
  ASSERT_TRUE(run.context->checkpoint().ok());
  EXPECT_TRUE(run.context->is_saved());
  EXPECT_FALSE(run.context->store().has_step(1));
  EXPECT_TRUE(run.context->store().has_step(2));
}

TEST(Stage, GoesOnWhileACheckpointIsWritten) {
  FakeRun fakes({StageKind::kRl});
  std::promise<void> room;
  fakes.setup.write_model = [wait = room.get_future().share()](const std::string& place,
                                                               const WeightSet& weights) {
    wait.wait();
    return write_safetensors(place + "/model.safetensors", weights);
  };
  fakes.setup.run.checkpoint_every = 1;
  fakes.open();
  DirectRun run(fakes);
  run.context->advance(true);
  ASSERT_TRUE(run.context->checkpoint_if_due().ok());  // or it would never come back
  run.context->state().step = 7;                       // is not what is being written
  room.set_value();
  EXPECT_TRUE(run.context->settle().ok());
  EXPECT_TRUE(run.context->store().has_step(1));
  EXPECT_FALSE(run.context->store().has_step(7));
}

TEST(Stage, HearsLaterOfACheckpointThatTheDiskRefused) {
  FakeRun fakes({StageKind::kRl});
  int64_t refused = 2;
  refuse_checkpoints(fakes, &refused);
  fakes.setup.run.checkpoint_every = 1;
  fakes.open();
  DirectRun run(fakes);
  run.context->advance(true);
  ASSERT_TRUE(run.context->checkpoint_if_due().ok());
  run.context->advance(true);
  ASSERT_TRUE(run.context->checkpoint_if_due().ok());
  EXPECT_EQ(fakes.warnings.size(), 1U);
  run.context->advance(true);
  const auto twice = run.context->checkpoint_if_due();
  ASSERT_FALSE(twice.ok());
  EXPECT_EQ(twice.error().code, Errc::kEnvironment);
}

TEST(Stage, EndsWhereTheDiskRefusesTwiceInARowWithRoomEnough) {
  FakeRun fakes({StageKind::kRl});
  int64_t refused = 2;
  refuse_checkpoints(fakes, &refused);
  fakes.open();
  DirectRun run(fakes);
  ASSERT_TRUE(run.context->checkpoint().ok());
  const auto second = run.context->checkpoint();
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, Errc::kEnvironment);
}

TEST(Stage, GoesOnWhereADiskThatHasBytesHasNoInodesOrQuotaIsUsedUp) {
  for (const int number : {ENOSPC, EDQUOT}) {
    FakeRun fakes({StageKind::kRl});
    int64_t refused = 3;
    refuse_checkpoints(fakes, &refused, disk_error("hf", "make this folder", number).message);
    fakes.open();
    DirectRun run(fakes);
    for (int step = 0; step < 4; ++step) {
      run.context->advance(true);
      ASSERT_TRUE(run.context->checkpoint().ok()) << step;
    }
    EXPECT_EQ(fakes.warnings.size(), 3U);
    EXPECT_TRUE(run.context->store().has_step(4));
  }
}

TEST(Stage, EndsWhereTheDiskRefusesTheLastCheckpointOfAll) {
  FakeRun fakes({StageKind::kSft, StageKind::kRl});
  int64_t refused = 1;
  refuse_checkpoints(fakes, &refused);
  fakes.open();
  DirectRun run(fakes);
  EXPECT_TRUE(run.context->checkpoint_stage(0).ok());
  refused = 1;
  EXPECT_FALSE(run.context->checkpoint_stage(1).ok());
}

TEST(Stage, SaysThatItIsPreemptedAlsoWhereTheDiskRefuses) {
  FakeRun fakes({StageKind::kRl});
  int64_t refused = 1;
  refuse_checkpoints(fakes, &refused);
  fakes.open();
  DirectRun run(fakes);
  const Error error = run.context->preempt();
  EXPECT_EQ(error.code, Errc::kPreempted);
  EXPECT_NE(error.message.find("which is not saved: model.safetensors"), std::string::npos)
      << error.message;
}

TEST(Stage, CountsAVersionOnlyForALearnerStep) {
  FakeRun fakes({StageKind::kRl});
  fakes.open();
  DirectRun run(fakes);
  run.context->advance(true);
  run.context->advance(false);
  EXPECT_EQ(run.context->state().step, 2);
  EXPECT_EQ(run.context->state().version, 1U);
}

TEST(Stage, WarnsOfJudgesThatDriftApartAndPausesWhereTheyMustNotGoOn) {
  FakeRun fakes({StageKind::kRl});
  fakes.reward->news.metrics["judge/grader/calls"] = 7;
  fakes.reward->news.warning = "the judges are 0.15 apart";
  fakes.open();
  DirectRun run(fakes);
  run.context->advance(true);
  ASSERT_TRUE(run.context->report({}).ok());
  ASSERT_EQ(fakes.warnings.size(), 1U);
  EXPECT_NE(fakes.warnings[0].find("step 1: the judges are 0.15 apart"), std::string::npos);
  fakes.reward->news.pause = "the judges are 0.3 apart";
  const auto paused = run.context->report({});
  ASSERT_FALSE(paused.ok());
  EXPECT_EQ(paused.error().code, Errc::kPreempted);
  EXPECT_NE(paused.error().message.find("the judges are 0.3 apart"), std::string::npos);
  EXPECT_TRUE(run.context->store().has_step(1));
  const auto events = read_file(fakes.setup.directory->path() + "/events.jsonl", 1 << 12);
  ASSERT_TRUE(events.ok());
  EXPECT_NE(events.value().find(R"("pause":false)"), std::string::npos) << events.value();
  EXPECT_NE(events.value().find(R"("pause":true)"), std::string::npos);
}

/// Steps of three groups of four, checkpoints behind each second one, and a loss that leaps.
class GuardedRl : public ::testing::Test {
 protected:
  GuardedRl() {
    fakes_.setup.rl.steps = 8;
    fakes_.setup.rl.validate_every = 8;
    fakes_.setup.crew.make_learner = [this](LearnerRanks) {
      return std::make_unique<LeapingLearner>(&leaps_);
    };
  }
  PipelineReport run(bool resume = false) {
    run_.reset();
    fakes_.open(resume);
    run_.emplace(fakes_);
    return run_->run();
  }
  void policy(const std::string& word) { fakes_.setup.rl.training.guard.policy = word; }

  std::set<int64_t> leaps_;  ///< steps of the stage, from 0
  FakeRun fakes_{{StageKind::kRl}};
  std::optional<DirectRun> run_;
};

TEST_F(GuardedRl, WarnsOnceOfSpikesInARowAndTrainsOnThem) {
  leaps_ = {4, 5};
  const PipelineReport report = run();
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(report.ledger, (LedgerCounts{96, 96, 0, 0}));
  ASSERT_EQ(fakes_.warnings.size(), 1U);
  EXPECT_NE(fakes_.warnings[0].find("rl: step 5: its loss 7"), std::string::npos)
      << fakes_.warnings[0];
}

TEST_F(GuardedRl, DropsTheSamplesOfASkippedStep) {
  policy("skip");
  leaps_ = {4};
  const PipelineReport report = run();
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(report.ledger, (LedgerCounts{96, 84, 12, 0}));
  EXPECT_EQ(run_->crew->published.back(), PolicyVersion{7});
  ASSERT_EQ(fakes_.warnings.size(), 1U);
  EXPECT_NE(fakes_.warnings[0].find("it is skipped"), std::string::npos) << fakes_.warnings[0];
}

TEST_F(GuardedRl, StopsWithOneSentence) {
  policy("stop");
  leaps_ = {4};
  const PipelineReport report = run();
  ASSERT_FALSE(report.end.ok());
  EXPECT_EQ(report.end.error().code, Errc::kDiverged);
  EXPECT_EQ(report.end.error().message,
            "rl: step 5: its loss 7.0 is 41 deviations above those of the steps before "
            "(guard.spike), and guard.policy says stop");
}

TEST_F(GuardedRl, GoesBackToItsCheckpointAndLeavesOutTheStepsSince) {
  policy("rollback");
  leaps_ = {5};
  const PipelineReport first = run();
  ASSERT_FALSE(first.end.ok());
  EXPECT_EQ(first.end.error().code, Errc::kUnavailable) << first.end.error().message;
  const PipelineReport rest = run(true);
  ASSERT_TRUE(rest.end.ok()) << rest.end.error().message;
  EXPECT_EQ(run_->crew->lines.at(0).values.at("guard/left_out"), 2);
  EXPECT_EQ(rest.steps, 8);
  // Of steps 1 to 4, 7 and 8; step 5 was trained and taken back, step 6 never was.
  EXPECT_EQ(rest.ledger, (LedgerCounts{96, 72, 24, 0}));
}

TEST_F(GuardedRl, LeavesOutTheSameStepsWhenItIsKilledBeforeTheNextCheckpoint) {
  policy("rollback");
  leaps_ = {5};
  (void)run();
  const std::string straight = run(true).weights_hash;
  FakeRun killed({StageKind::kRl});
  killed.setup.rl = fakes_.setup.rl;
  killed.setup.crew.make_learner = fakes_.setup.crew.make_learner;
  killed.open();
  ASSERT_FALSE(DirectRun(killed).run().end.ok());
  const auto prompts = killed.setup.sources.rl_prompts;
  killed.setup.sources.rl_prompts = [](int64_t, int64_t, int64_t) {
    return std::vector{fake_prompt("endless")};
  };
  killed.open(true);
  ASSERT_FALSE(DirectRun(killed).run().end.ok());
  killed.setup.sources.rl_prompts = prompts;
  killed.open(true);
  const PipelineReport rest = DirectRun(killed).run();
  ASSERT_TRUE(rest.end.ok()) << rest.end.error().message;
  EXPECT_EQ(rest.weights_hash, straight);
}

TEST_F(GuardedRl, StopsAtTheSecondSpikeBehindOneCheckpoint) {
  policy("rollback");
  leaps_ = {5, 6};
  EXPECT_EQ(run().end.error().code, Errc::kUnavailable);
  const PipelineReport rest = run(true);
  ASSERT_FALSE(rest.end.ok());
  EXPECT_EQ(rest.end.error().code, Errc::kDiverged);
  EXPECT_NE(rest.end.error().message.find("it went on from step 4 once, and it came again"),
            std::string::npos)
      << rest.end.error().message;
}

TEST_F(GuardedRl, GoesBackFromGroupsThatNoLongerDiffer) {
  policy("rollback");
  fakes_.setup.rl.steps = 20;
  fakes_.reward->flat = true;
  EXPECT_EQ(run().end.error().code, Errc::kUnavailable);
  fakes_.reward->flat = false;
  const PipelineReport rest = run(true);
  ASSERT_TRUE(rest.end.ok()) << rest.end.error().message;
  EXPECT_GT(rest.ledger.committed, 0);
}

}  // namespace
}  // namespace nelumbo
