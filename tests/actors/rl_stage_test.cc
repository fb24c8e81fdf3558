// SPDX-License-Identifier: Apache-2.0
#include "actors/rl_stage.h"

#include "tests/support/rl_fixture.h"

namespace nelumbo {
namespace {

using RlStageTest = RlFixture;

TEST_F(RlStageTest, CommitsEverySampleOfAHealthyStep) {
  fakes_.setup.rl.steps = 1;
  const PipelineReport report = run();
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(report.ledger, (LedgerCounts{12, 12, 0, 0}));
  EXPECT_EQ(line(0).at("off_policy/max"), 0);
  EXPECT_EQ(line(0).at("ledger/committed"), 12);
  EXPECT_EQ(run_->crew->traced, std::vector<std::string>{"rl/1"});
}

TEST_F(RlStageTest, ReplacesGroupsWithoutSpread) {
  fakes_.setup.rl.steps = 1;
  fakes_.setup.rl.refill_rounds = 2;
  std::vector<int64_t> asked;
  fakes_.setup.sources.rl_prompts = [&](int64_t step, int64_t round, int64_t count) {
    asked.push_back(count);
    fakes_.reward->flat = round == 0;
    std::vector<std::shared_ptr<const Prompt>> prompts;
    for (int64_t i = 0; i < count; ++i)
      prompts.push_back(fake_prompt(std::to_string(step + round + i)));
    return prompts;
  };
  const PipelineReport report = run();
  ASSERT_TRUE(report.end.ok());
  EXPECT_EQ(asked, (std::vector<int64_t>{3, 3}));
  EXPECT_EQ(line(0).at("reward/zero_spread_groups"), 3);
  EXPECT_EQ(report.ledger, (LedgerCounts{24, 12, 12, 0}));
}

TEST_F(RlStageTest, SkipsAStepThatTeachesNothing) {
  fakes_.reward->flat = true;
  const PipelineReport report = run();
  ASSERT_TRUE(report.end.ok());
  EXPECT_EQ(line(0).at("optim/skipped"), 1);
  EXPECT_EQ(report.weights_hash, weights_hash(*fakes_.setup.weights));
  EXPECT_EQ(report.ledger.committed, 0);
}

TEST_F(RlStageTest, StopsWhenGroupsNoLongerDiffer) {
  fakes_.setup.rl.steps = 20;
  fakes_.reward->flat = true;
  const PipelineReport report = run();
  ASSERT_FALSE(report.end.ok());
  EXPECT_EQ(report.end.error().code, Errc::kDiverged);
  EXPECT_EQ(report.steps, 10);
}

TEST_F(RlStageTest, DropsOutcomesThatAreNoScores) {
  fakes_.setup.rl.steps = 1;
  fakes_.setup.reward.stop_rate = 1;
  fakes_.reward->kind_of = [](const Trajectory& trajectory) {
    return trajectory.sample == 0 ? Outcome::Kind::kInvalid : Outcome::Kind::kScore;
  };
  const PipelineReport report = run();
  ASSERT_TRUE(report.end.ok());
  EXPECT_EQ(report.ledger, (LedgerCounts{12, 9, 3, 0}));
  EXPECT_EQ(line(0).at("errors/invalid"), 3);
  EXPECT_EQ(fakes_.warnings.size(), 1U);
}

TEST_F(RlStageTest, StopsWhenTooManyOutcomesAreErrors) {
  fakes_.reward->kind_of = [](const Trajectory& trajectory) {
    return trajectory.sample == 0 ? Outcome::Kind::kInfraError : Outcome::Kind::kScore;
  };
  const PipelineReport report = run();
  ASSERT_FALSE(report.end.ok());
  EXPECT_NE(report.end.error().message.find("rl: step 1: 25 % of the outcomes are errors"),
            std::string::npos)
      << report.end.error().message;
}

TEST_F(RlStageTest, StopsOrTellsWhenTheEntropyStaysBelowItsFloor) {
  class Collapsed : public FakeLearner {
    Result<Metrics> train_policy(std::span<const ScoredGroup> groups, const RlConfig& config,
                                 StepPlace place) override {
      auto metrics = FakeLearner::train_policy(groups, config, place);
      metrics.value()["policy/entropy_below"] = place.step >= 2 ? 20 : 0;
      return metrics;
    }
  };
  fakes_.setup.crew.make_learner = [](LearnerRanks) { return std::make_unique<Collapsed>(); };
  ASSERT_TRUE(run().end.ok());
  ASSERT_EQ(fakes_.warnings.size(), 1U);
  EXPECT_NE(fakes_.warnings[0].find("rl: step 3: the entropy has been below"), std::string::npos);
  FakeRun strict({StageKind::kRl});
  strict.setup.crew.make_learner = fakes_.setup.crew.make_learner;
  strict.setup.rl.training.guard.policy = "stop";
  strict.open();
  const PipelineReport report = DirectRun(strict).run();
  ASSERT_FALSE(report.end.ok());
  EXPECT_EQ(report.end.error().code, Errc::kDiverged);
}

/// A group from which answers drop out is complete without them: it trains on the others, and with
/// fewer than two of those it is replaced like one without spread.
TEST_F(RlStageTest, CompletesGroupsWhoseMembersDropOut) {
  fakes_.setup.rl.steps = 1;
  fakes_.setup.rl.refill_rounds = 1;
  fakes_.setup.reward.stop_rate = 1;
  std::vector<int64_t> asked;
  fakes_.setup.sources.rl_prompts = [&](int64_t, int64_t round, int64_t count) {
    asked.push_back(count);
    fakes_.reward->kind_of = [round](const Trajectory& trajectory) {
      const int32_t scored = round == 0 ? 1 : 2;
      return trajectory.sample < scored ? Outcome::Kind::kScore : Outcome::Kind::kTimeout;
    };
    std::vector<std::shared_ptr<const Prompt>> prompts;
    for (int64_t i = 0; i < count; ++i)
      prompts.push_back(fake_prompt("drop/" + std::to_string(round * 10 + i)));
    return prompts;
  };
  const PipelineReport report = run();
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(asked, (std::vector<int64_t>{3, 3}));
  EXPECT_EQ(report.ledger, (LedgerCounts{24, 6, 18, 0}));
  EXPECT_EQ(line(0).at("errors/timeout"), 9 + 6);
  EXPECT_DOUBLE_EQ(line(0).at("errors/error_rate"), 15.0 / 24);
}

TEST_F(RlStageTest, TakesUpAnEditedSpecificationBetweenSteps) {
  fakes_.setup.rl.steps = 3;
  int64_t asked = 0;
  fakes_.setup.crew.refresh_reward = [&]() -> Result<std::optional<SpecChange>> {
    switch (++asked) {
      case 1:
        return std::optional<SpecChange>();
      case 2:
        return std::optional(SpecChange{"old", "new"});
      default:
        return Error{Errc::kInvalidConfig, "spec.yaml:1:1: broken"};
    }
  };
  ASSERT_TRUE(run().end.ok());
  EXPECT_EQ(asked, 3);
  EXPECT_FALSE(line(0).contains("reward/reloaded"));
  EXPECT_EQ(line(1).at("reward/reloaded"), 1);
  EXPECT_FALSE(line(2).contains("reward/reloaded"));
  const auto events = read_file(fakes_.setup.directory->path() + "/events.jsonl", 1 << 10);
  ASSERT_TRUE(events.ok());
  EXPECT_EQ(nlohmann::json::parse(events.value()), nlohmann::json({{"event", "reward"},
                                                                   {"stage", "rl"},
                                                                   {"step", 1},
                                                                   {"old_hash", "old"},
                                                                   {"new_hash", "new"}}));
  ASSERT_EQ(fakes_.warnings.size(), 1U);
  EXPECT_NE(fakes_.warnings[0].find("is not used: spec.yaml:1:1: broken"), std::string::npos);
}

TEST_F(RlStageTest, PausesWhereTheSpecificationSaysSoAndGoesOnFromThere) {
  fakes_.setup.rl.steps = 2;
  int64_t broken_from = 1;
  fakes_.setup.sources.rl_prompts = [&](int64_t step, int64_t, int64_t count) {
    fakes_.reward->kind_of = [broken = step >= broken_from](const Trajectory& trajectory) {
      return broken && trajectory.sample == 1 ? Outcome::Kind::kInfraError : Outcome::Kind::kScore;
    };
    std::vector<std::shared_ptr<const Prompt>> prompts;
    for (int64_t i = 0; i < count; ++i)
      prompts.push_back(fake_prompt("pause/" + std::to_string(step * 10 + i)));
    return prompts;
  };
  fakes_.reward->on.pause = true;
  const PipelineReport paused = run();
  ASSERT_FALSE(paused.end.ok());
  EXPECT_EQ(paused.end.error().code, Errc::kPreempted);
  EXPECT_EQ(paused.end.error().message.find("paused in stage rl after step 1, which is saved: "),
            0U)
      << paused.end.error().message;
  EXPECT_EQ(run_->crew->lines.size(), 1U);
  broken_from = 9;
  const PipelineReport whole = run(true);
  ASSERT_TRUE(whole.end.ok()) << whole.end.error().message;
  EXPECT_EQ(whole.steps, 2);
  EXPECT_EQ(run_->crew->lines.size(), 1U);
}

TEST_F(RlStageTest, EndsWithTheWeightsThatValidatedBest) {
  fakes_.values = {0.1, 0.9, 0.2};  // at steps 0, 2, 4
  const PipelineReport report = run();
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  FakeRun shorter({StageKind::kRl});
  shorter.setup.rl.steps = 2;
  shorter.open();
  EXPECT_EQ(report.weights_hash, DirectRun(shorter).run().weights_hash);
  EXPECT_EQ(fakes_.warnings.size(), 1U);
}

TEST_F(RlStageTest, KeepsTheLastWeightsWhenTheyAreBest) {
  fakes_.values = {0.1, 0.2, 0.3};
  ASSERT_TRUE(run().end.ok());
  EXPECT_TRUE(fakes_.warnings.empty());
}

TEST_F(RlStageTest, EndsWithItsStartWhenNothingWasBetter) {
  fakes_.values = {0.9, 0.1, 0.1};
  EXPECT_EQ(run().weights_hash, weights_hash(*fakes_.setup.weights));
}

/// The next step's answers are drawn by the weights that this step began with.
class LaggingRl : public RlStageTest {
 protected:
  LaggingRl() {
    fakes_.setup.rl.max_staleness = 1;
    fakes_.setup.rl.steps = 6;
    fakes_.setup.rl.validate_every = 4;
    fakes_.setup.run.checkpoint_every = 3;
  }
};

TEST_F(LaggingRl, TrainsAnswersThatAreExactlyOneVersionOld) {
  const PipelineReport report = run();
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(report.ledger, (LedgerCounts{72, 72, 0, 0}));
  ASSERT_EQ(run_->crew->lines.size(), 6U);
  EXPECT_EQ(line(0).at("off_policy/max"), 0);
  for (size_t step = 1; step < 6; ++step) {
    EXPECT_EQ(line(step).at("off_policy/max"), 1) << step;
    EXPECT_EQ(line(step).at("off_policy/mean"), 1) << step;
  }
  EXPECT_EQ(line(0).at("ledger/in_flight"), 12);  // those of the second step
  EXPECT_EQ(line(5).at("ledger/in_flight"), 0);
  FakeRun prompt({StageKind::kRl});
  prompt.setup.rl.steps = 6;
  prompt.open();
  EXPECT_NE(report.weights_hash, DirectRun(prompt).run().weights_hash);
}

TEST_F(LaggingRl, GoesOnFromAnyStepAsIfItHadNeverStopped) {
  const std::string whole = run().weights_hash;
  for (int64_t stop = 0; stop <= 6; ++stop) {
    FakeRun parts({StageKind::kRl});
    parts.setup.rl = fakes_.setup.rl;
    parts.setup.run = fakes_.setup.run;
    parts.steps_left = stop;
    parts.open();
    const PipelineReport first = DirectRun(parts).run();
    if (stop < 6) {
      ASSERT_FALSE(first.end.ok());
      EXPECT_EQ(first.end.error().code, Errc::kPreempted);
    }
    parts.steps_left = 1000;
    parts.open(true);
    const PipelineReport rest = DirectRun(parts).run();
    ASSERT_TRUE(rest.end.ok()) << rest.end.error().message;
    EXPECT_EQ(rest.weights_hash, whole) << stop;
    const LedgerCounts& counts = rest.ledger;
    EXPECT_EQ(counts.committed, 72) << stop;
    EXPECT_EQ(counts.issued, counts.committed + counts.dropped) << stop;
  }
}

TEST_F(LaggingRl, GoesOnFromACheckpointThatItWasKilledBehind) {
  const std::string whole = run().weights_hash;
  FakeRun killed({StageKind::kRl});
  killed.setup.rl = fakes_.setup.rl;
  killed.setup.run = fakes_.setup.run;
  killed.setup.rl_sampling = fakes_.setup.rl_sampling;
  killed.open();
  int64_t asked = 0;
  const auto prompts = killed.setup.sources.rl_prompts;
  killed.setup.sources.rl_prompts = [&](int64_t step, int64_t round, int64_t count) {
    const bool dies = ++asked == 6;  // while step 5 is drawn; the checkpoint is of step 3
    return dies ? std::vector{fake_prompt("endless")} : prompts(step, round, count);
  };
  EXPECT_FALSE(DirectRun(killed).run().end.ok());
  killed.open(true);
  const PipelineReport rest = DirectRun(killed).run();
  ASSERT_TRUE(rest.end.ok()) << rest.end.error().message;
  EXPECT_EQ(rest.weights_hash, whole);
  EXPECT_EQ(rest.ledger.committed, 72);
}

TEST_F(LaggingRl, RefusesAnswersInACheckpointThatAreNone) {
  const PipelineReport report = go_on_with_broken_answers();
  ASSERT_FALSE(report.end.ok());
  EXPECT_EQ(report.end.error().code, Errc::kBadData);
}

}  // namespace
}  // namespace nelumbo
