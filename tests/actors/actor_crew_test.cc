// SPDX-License-Identifier: Apache-2.0
#include "actors/actor_crew.h"

#include <stdexcept>

#include "actors/stage_loop.h"
#include "tests/support/actor_fixture.h"
#include "tests/support/direct_run.h"

namespace nelumbo {
namespace {

const std::vector<StageKind> kAll{StageKind::kPretrain, StageKind::kSft, StageKind::kRl,
                                  StageKind::kEvaluate};

/// Whole runs by actors, in virtual time.
class ActorCrewTest : public ActorFixture {
 protected:
  PipelineReport run(FakeRun& fakes) {
    CheckpointStore store(fakes.directory->checkpoints_path(), fakes.directory->config_hash(), 2,
                          fakes.setup.write_model);
    ActorCrewSetup setup;
    setup.crew = fakes.setup.crew;
    setup.ledger = Ledger::open(fakes.directory->ledger_path(), stopped_clock).value();
    setup.directory = fakes.directory.get();
    setup.warn = fakes.setup.on_warning;
    ActorCrew crew(system_, Threads::kPooled, std::move(setup),
                   [this](const auto& arrived) { pump(arrived); });
    StageContext context(fakes.setup, crew, &store, 1, stopped_clock);
    PipelineReport report = StageLoop(context, std::nullopt).run();
    crew.dismiss();
    scheduler_.run();
    EXPECT_TRUE(crew.wait_until_gone(std::chrono::milliseconds(0)));
    return report;
  }

  PipelineReport run_with(const std::function<void(FakeRun&)>& change) {
    FakeRun fakes(kAll);
    fakes.open();
    change(fakes);
    PipelineReport report = run(fakes);
    warnings_ = fakes.warnings;
    return report;
  }

  static std::string undisturbed() {
    FakeRun fakes(kAll);
    fakes.open();
    return DirectRun(fakes).run().weights_hash;
  }

  std::vector<std::string> warnings_;
};

TEST_F(ActorCrewTest, GivesTheBitsOfARunWithoutActors) {
  const PipelineReport report = run_with([](FakeRun&) {});
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(report.weights_hash, undisturbed());
  EXPECT_EQ(report.ledger, (LedgerCounts{48, 48, 0, 0}));
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(ActorCrewTest, GivesTheSameBitsForAnyNumberOfRolloutActors) {
  const std::string expected = undisturbed();
  for (int64_t rollouts : {1, 3})
    EXPECT_EQ(run_with([&](FakeRun& fakes) {
                fakes.setup.crew.placement.rollouts = rollouts;
              }).weights_hash,
              expected)
        << rollouts;
}

TEST_F(ActorCrewTest, LetsNobodyWaitForAJudgeWhenItEnds) {
  FakeRun fakes(kAll);
  fakes.open();
  fakes.reward->judged = true;
  const PipelineReport report = run(fakes);
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(report.weights_hash, undisturbed());
  EXPECT_GE(fakes.reward->cancelled, 1);
}

TEST_F(ActorCrewTest, ReplacesARolloutActorThatThrowsWithoutATrace) {
  const PipelineReport report =
      run_with([](FakeRun& fakes) { fakes.setup.crew.fault.throw_at_group = 10; });
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(report.weights_hash, undisturbed());
  EXPECT_EQ(report.ledger, (LedgerCounts{48, 48, 0, 0}));
  EXPECT_EQ(report.restarts, 1);
  ASSERT_EQ(warnings_.size(), 1U);
  EXPECT_NE(warnings_[0].find("planted by faults.throw_at_group"), std::string::npos)
      << warnings_[0];
}

TEST_F(ActorCrewTest, FailsWhenNoEngineCanBeMade) {
  const PipelineReport report = run_with([](FakeRun& fakes) {
    fakes.setup.crew.make_engine = []() -> std::unique_ptr<Engine> {
      throw std::runtime_error("no memory");
    };
  });
  ASSERT_FALSE(report.end.ok());
  EXPECT_EQ(report.end.error().code, Errc::kUnavailable);
  EXPECT_NE(report.end.error().message.find("no memory"), std::string::npos)
      << report.end.error().message;
}

TEST_F(ActorCrewTest, StopsBehindACheckpoint) {
  const PipelineReport report = run_with([](FakeRun& fakes) { fakes.steps_left = 9; });
  ASSERT_FALSE(report.end.ok());
  EXPECT_EQ(report.end.error().code, Errc::kPreempted);
  EXPECT_EQ(report.ledger.in_flight, 0);
}

TEST_F(ActorCrewTest, RefusesALearnerStepWithoutALearner) {
  ActorCrewSetup setup;
  setup.crew = FakeRun(kAll).setup.crew;
  setup.crew.make_learner = nullptr;
  ActorCrew crew(system_, Threads::kPooled, std::move(setup),
                 [this](const auto& arrived) { pump(arrived); });
  EXPECT_FALSE(crew.weights().ok());
}

}  // namespace
}  // namespace nelumbo
