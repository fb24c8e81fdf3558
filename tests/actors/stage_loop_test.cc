// SPDX-License-Identifier: Apache-2.0
#include "actors/stage_loop.h"

#include <gtest/gtest.h>

#include "tests/support/direct_run.h"

namespace nelumbo {
namespace {

const std::vector<StageKind> kAll{StageKind::kPretrain, StageKind::kSft, StageKind::kRl,
                                  StageKind::kEvaluate};

PipelineReport run_whole(FakeRun& fakes) {
  fakes.open();
  return DirectRun(fakes).run();
}

TEST(StageLoop, RunsEveryStageAndNumbersStepsOn) {
  FakeRun fakes(kAll);
  fakes.open();
  DirectRun run(fakes);
  const PipelineReport report = run.run();
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(report.steps, 12);
  ASSERT_EQ(report.stages.size(), 4U);
  for (const StageReport& stage : report.stages)
    EXPECT_EQ(stage.done, stage.planned) << stage.name;
  EXPECT_EQ(run.crew->lines.at(4).stage, "sft");
  EXPECT_EQ(run.crew->lines.at(4).step, 5);
  EXPECT_EQ(report.ledger.issued, report.ledger.committed + report.ledger.dropped);
  EXPECT_GT(report.ledger.committed, 0);
}

TEST(StageLoop, LeavesTheLearnerAsItIsInAStageOfNoSteps) {
  FakeRun fakes({StageKind::kPretrain, StageKind::kSft});
  fakes.setup.sft.steps = 0;
  const PipelineReport report = run_whole(fakes);
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  const auto last = CheckpointStore::load(fakes.directory->checkpoints_path() + "/latest");
  ASSERT_TRUE(last.ok()) << last.error().message;
  EXPECT_EQ(last.value().state.stage_index, 2);
  EXPECT_EQ(last.value().state.trained_from, 0);
  EXPECT_EQ(last.value().learner_state.front().name, "moment");
  EXPECT_NE(last.value().learner_state.front().values[0], 0);
}

TEST(StageLoop, ComparesBeforeAndAfter) {
  FakeRun fakes(kAll);
  ASSERT_TRUE(run_whole(fakes).end.ok());
  EXPECT_EQ(fakes.judged.front(), Occasion::kBefore);
  EXPECT_EQ(fakes.judged.back(), Occasion::kAfter);
}

TEST(StageLoop, GrowsThePolicyVersionWithEachLearnerStep) {
  FakeRun fakes(kAll);
  fakes.open();
  DirectRun run(fakes);
  ASSERT_TRUE(run.run().end.ok());
  const auto& published = run.crew->published;
  EXPECT_TRUE(std::is_sorted(published.begin(), published.end()));
  EXPECT_EQ(published.front(), PolicyVersion{8});
  EXPECT_EQ(published.back(), PolicyVersion{12});
}

TEST(StageLoop, StopsBehindACheckpoint) {
  FakeRun fakes(kAll);
  fakes.steps_left = 5;
  const PipelineReport report = run_whole(fakes);
  ASSERT_FALSE(report.end.ok());
  EXPECT_EQ(report.end.error().code, Errc::kPreempted);
  EXPECT_EQ(report.steps, 5);
}

/// However often and wherever a run is stopped, it ends with the same bits.
TEST(StageLoop, ResumesToTheSameWeightsFromAnyStep) {
  FakeRun undisturbed(kAll);
  const std::string whole = run_whole(undisturbed).weights_hash;
  for (int64_t stop : {0, 3, 4, 9, 12}) {
    FakeRun fakes(kAll);
    fakes.steps_left = stop;
    EXPECT_EQ(run_whole(fakes).end.error().code, Errc::kPreempted) << stop;
    fakes.steps_left = 1000;
    fakes.open(true);
    const PipelineReport report = DirectRun(fakes).run();
    ASSERT_TRUE(report.end.ok()) << report.end.error().message;
    EXPECT_EQ(report.weights_hash, whole) << "stopped behind step " << stop;
    EXPECT_EQ(report.ledger.in_flight, 0);
  }
}

/// A process that dies loses the steps behind its last checkpoint and does them again.
TEST(StageLoop, RepeatsStepsThatNoCheckpointHolds) {
  FakeRun undisturbed(kAll);
  const std::string whole = run_whole(undisturbed).weights_hash;
  FakeRun fakes(kAll);
  fakes.setup.sources.judge_answers = [&](const EvaluationPlace& place, const auto&) {
    if (place.step == 12 && place.occasion == Occasion::kAfter)
      fakes.steps_left = -1;
    return Judgement{};
  };
  fakes.setup.rl.validate_every = 100;
  fakes.setup.run.checkpoint_every = 5;
  fakes.setup.sources.rl_prompts = [&, given = fakes.setup.sources.rl_prompts](
                                       int64_t step, int64_t round, int64_t count) {
    if (step == 3 && fakes.judged.empty())
      throw std::runtime_error("killed");
    return given(step, round, count);
  };
  fakes.open();
  EXPECT_THROW((void)DirectRun(fakes).run(), std::runtime_error);
  fakes.judged.push_back(Occasion::kAfter);
  fakes.open(true);
  const PipelineReport report = DirectRun(fakes).run();
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(report.weights_hash, whole);
  EXPECT_EQ(report.ledger.issued, report.ledger.committed + report.ledger.dropped);
  EXPECT_GE(report.ledger.dropped, 12);
}

TEST(StageLoop, HasNothingToDoInAFinishedRun) {
  FakeRun fakes(kAll);
  const PipelineReport first = run_whole(fakes);
  fakes.judged.clear();
  fakes.open(true);
  const PipelineReport again = DirectRun(fakes).run();
  ASSERT_TRUE(again.end.ok());
  EXPECT_EQ(again.weights_hash, first.weights_hash);
  EXPECT_EQ(again.steps, first.steps);
  EXPECT_TRUE(fakes.judged.empty());
}

TEST(StageLoop, UsesThePreviousCheckpointWhenTheNewestIsBroken) {
  FakeRun fakes(kAll);
  const std::string whole = run_whole(fakes).weights_hash;
  std::filesystem::remove(fakes.directory->checkpoints_path() + "/step_12/state.json");
  fakes.open(true);
  DirectRun run(fakes);
  EXPECT_EQ(run.skipped.size(), 1U);
  const PipelineReport report = run.run();
  ASSERT_TRUE(report.end.ok());
  EXPECT_EQ(report.weights_hash, whole);
}

TEST(StageLoop, DoesNotGoBackToTheBestThatTheDiskRefused) {
  FakeRun fakes({StageKind::kRl});
  fakes.values = {0.1, 0.9, 0.2};  // before the first step, behind the second, at the end
  int64_t written = 0;
  fakes.setup.write_model = [&](const std::string& place, const WeightSet& weights) {
    if (++written == 2)
      return Result<std::string>(Error{Errc::kEnvironment, "model.safetensors: no room"});
    return write_safetensors(place + "/model.safetensors", weights);
  };
  fakes.open();
  DirectRun run(fakes);
  const PipelineReport report = run.run();
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_TRUE(run.context->store().has_step(4));
  EXPECT_EQ(fakes.warnings.size(), 1U);
}

}  // namespace
}  // namespace nelumbo
