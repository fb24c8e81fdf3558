// SPDX-License-Identifier: Apache-2.0
#include "actors/system.h"

#include <fstream>

#include <gtest/gtest.h>

#include "base/metrics.h"
#include "tests/support/fake_run.h"

namespace nelumbo {
namespace {

const std::vector<StageKind> kAll{StageKind::kPretrain, StageKind::kSft, StageKind::kRl,
                                  StageKind::kEvaluate};

/// Real threads, fake policies.
class SystemTest : public ::testing::Test {
 protected:
  SystemTest() { fakes_.open(); }

  FakeRun fakes_{kAll};
};

TEST_F(SystemTest, LeavesAWholeRunDirectory) {
  const PipelineReport report = run_pipeline(fakes_.setup);
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(RunDirectory::read_status(fakes_.directory->path())->word, "done");
  EXPECT_EQ(read_metrics(fakes_.directory->metrics_path()).value().size(), 13U);
  EXPECT_TRUE(std::filesystem::exists(fakes_.directory->trace_path("rl", 12)));
  EXPECT_TRUE(std::filesystem::exists(fakes_.directory->checkpoints_path() + "/latest/hf"));
}

TEST_F(SystemTest, GoesOnAfterAStopAsIfNothingHadHappened) {
  FakeRun undisturbed(kAll);
  undisturbed.open();
  const std::string whole = run_pipeline(undisturbed.setup).weights_hash;
  fakes_.steps_left = 9;
  EXPECT_EQ(run_pipeline(fakes_.setup).end.error().code, Errc::kPreempted);
  EXPECT_EQ(RunDirectory::read_status(fakes_.directory->path())->word, "preempted");
  fakes_.steps_left = 1000;
  fakes_.open(true);
  const PipelineReport report = run_pipeline(fakes_.setup);
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(report.weights_hash, whole);
  EXPECT_EQ(report.ledger, (LedgerCounts{48, 48, 0, 0}));
  EXPECT_EQ(read_metrics(fakes_.directory->metrics_path()).value().size(), 13U);
}

TEST_F(SystemTest, SaysWhatOfTheMetricsItDroppedAfterACrash) {
  fakes_.steps_left = 9;
  EXPECT_EQ(run_pipeline(fakes_.setup).end.error().code, Errc::kPreempted);
  const std::string path = fakes_.directory->metrics_path();
  std::ofstream(path, std::ios::app) << R"({"stage":"rl","step":99})"
                                     << "\n"
                                     << R"({"stage":"r)";
  fakes_.steps_left = 1000;
  fakes_.open(true);
  const PipelineReport report = run_pipeline(fakes_.setup);
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  ASSERT_EQ(fakes_.warnings.size(), 1U);
  EXPECT_EQ(fakes_.warnings[0],
            path +
                ": dropped a torn last line (11 bytes) and 1 behind step 9, from which the run "
                "goes on");
  EXPECT_EQ(read_metrics(path).value().size(), 13U);
}

TEST_F(SystemTest, RefusesDamagedMetricsBeforeAnythingRuns) {
  ASSERT_TRUE(write_file_atomic(fakes_.directory->metrics_path(), "no line\n").ok());
  const PipelineReport report = run_pipeline(fakes_.setup);
  ASSERT_FALSE(report.end.ok());
  EXPECT_EQ(report.end.error().code, Errc::kBadData);
  EXPECT_TRUE(report.end.error().message.starts_with(fakes_.directory->metrics_path() + ":1: "));
  EXPECT_EQ(report.steps, 0);
}

TEST_F(SystemTest, GoesOnFromACheckpointOfAnotherRunWithoutThatRunsBest) {
  fakes_.values = {0.1, 0.9};
  fakes_.steps_left = 11;
  EXPECT_EQ(run_pipeline(fakes_.setup).end.error().code, Errc::kPreempted);
  FakeRun other(kAll);
  other.open();
  other.values = {0.2};
  other.setup.resume_from = fakes_.directory->checkpoints_path() + "/latest";
  const PipelineReport report = run_pipeline(other.setup);
  EXPECT_TRUE(report.end.ok()) << report.end.error().message;
}

TEST_F(SystemTest, GoesOnFromItsOwnNewestWhereItBeganAtAnotherRuns) {
  fakes_.steps_left = 9;
  EXPECT_EQ(run_pipeline(fakes_.setup).end.error().code, Errc::kPreempted);
  FakeRun other(kAll);
  other.open();
  other.setup.resume_from = fakes_.directory->checkpoints_path() + "/latest";
  other.steps_left = 2;
  EXPECT_EQ(run_pipeline(other.setup).end.error().code, Errc::kPreempted);
  other.steps_left = 1000;
  other.open(true);
  const PipelineReport report = run_pipeline(other.setup);
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  // Two steps of the first process, and what was left; from the other run's they would be again.
  EXPECT_EQ(report.ledger, (LedgerCounts{36, 36, 0, 0}));
}

TEST_F(SystemTest, GoesBackToACheckpointOfItsOwn) {
  fakes_.steps_left = 11;
  EXPECT_EQ(run_pipeline(fakes_.setup).end.error().code, Errc::kPreempted);
  fakes_.setup.resume_from = fakes_.directory->checkpoints_path() + "/step_10";
  fakes_.steps_left = 1000;
  fakes_.open(true);
  const PipelineReport report = run_pipeline(fakes_.setup);
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(report.ledger, (LedgerCounts{60, 48, 12, 0})) << "step 11 is done again";
}

TEST_F(SystemTest, StaysBehindTheCheckpointThatItWentBackTo) {
  fakes_.steps_left = 11;
  EXPECT_EQ(run_pipeline(fakes_.setup).end.error().code, Errc::kPreempted);
  // A process that goes back, and ends before it can save anything.
  const auto write_model = fakes_.setup.write_model;
  fakes_.setup.write_model = [](const std::string&, const WeightSet&) -> Result<std::string> {
    return Error{Errc::kEnvironment, "no disk"};
  };
  fakes_.setup.resume_from = fakes_.directory->checkpoints_path() + "/step_10";
  fakes_.steps_left = 0;
  fakes_.open(true);
  EXPECT_FALSE(run_pipeline(fakes_.setup).end.ok());
  fakes_.setup.write_model = write_model;
  fakes_.setup.resume_from.reset();
  fakes_.steps_left = 1000;
  fakes_.open(true);
  const PipelineReport report = run_pipeline(fakes_.setup);
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(report.ledger, (LedgerCounts{60, 48, 12, 0})) << "step 11 is done again";
}

TEST_F(SystemTest, SaysThatACheckpointIsWhereItBegan) {
  FakeRun other(kAll);
  other.open();
  EXPECT_TRUE(run_pipeline(other.setup).end.ok());
  fakes_.steps_left = 9;
  EXPECT_EQ(run_pipeline(fakes_.setup).end.error().code, Errc::kPreempted);
  fakes_.setup.resume_from = other.directory->checkpoints_path() + "/latest";
  fakes_.steps_left = 1000;
  fakes_.warnings.clear();
  fakes_.open(true);
  EXPECT_TRUE(run_pipeline(fakes_.setup).end.ok());
  ASSERT_EQ(fakes_.warnings.size(), 1U);
  EXPECT_NE(fakes_.warnings[0].find("/latest: is where this run begins, and not where it goes on"),
            std::string::npos);
}

TEST_F(SystemTest, SaysThatCheckpointsAreGone) {
  const auto stop = [this](int64_t steps) {
    fakes_.steps_left = steps;
    fakes_.warnings.clear();
    EXPECT_EQ(run_pipeline(fakes_.setup).end.error().code, Errc::kPreempted);
    fakes_.open(true);
  };
  stop(9);
  const std::string folder = fakes_.directory->checkpoints_path();
  std::filesystem::remove_all(folder + "/step_9");
  stop(1);
  ASSERT_EQ(fakes_.warnings.size(), 1U);
  EXPECT_EQ(fakes_.warnings[0],
            folder + "/step_9: was saved last, and is not there any more; goes on from step 8");
  std::filesystem::remove_all(folder);
  stop(1);
  ASSERT_EQ(fakes_.warnings.size(), 1U);
  EXPECT_EQ(fakes_.warnings[0], folder + ": there is no checkpoint; 9 steps are done again");
}

TEST_F(SystemTest, EndsWhereItsLedgerIsTakenAway) {
  for (const bool all : {false, true}) {
    FakeRun fakes(kAll);
    fakes.open();
    const std::string gone = all ? fakes.directory->path() : fakes.directory->ledger_path();
    fakes.setup.stop_requested = [&] {
      if (--fakes.steps_left == 990)
        std::filesystem::rename(gone, fakes.folder / "elsewhere");
      return false;
    };
    const PipelineReport report = run_pipeline(fakes.setup);
    ASSERT_FALSE(report.end.ok());
    EXPECT_EQ(report.end.error().code, Errc::kEnvironment);
    EXPECT_EQ(report.end.error().message,
              gone +
                  ": was removed or replaced while the run went on; put it back, and --resume "
                  "auto goes on");
    EXPECT_FALSE(std::filesystem::exists(gone));
  }
}

/// One sentence for each record that is damaged, and none for one beside it that is whole.
TEST_F(SystemTest, ClaimsAllOfItsLedgerWhereItStops) {
  fakes_.steps_left = 7;
  ASSERT_EQ(run_pipeline(fakes_.setup).end.error().code, Errc::kPreempted);
  const auto saved = CheckpointStore::load(fakes_.directory->checkpoints_path() + "/latest");
  ASSERT_TRUE(saved.ok()) << saved.error().message;
  EXPECT_EQ(saved.value().ledger_offset,
            static_cast<int64_t>(std::filesystem::file_size(fakes_.directory->ledger_path())));
}

TEST_F(SystemTest, NamesLinesOfItsRecordsThatAreDamaged) {
  const std::string sentence = ":1: is no JSON object; it is passed over";
  const std::vector<std::string> both = {"/crashes.jsonl", "/events.jsonl"};
  for (const auto& names : {both, std::vector{both[0]}, std::vector{both[1]}}) {
    FakeRun fakes(kAll);
    fakes.open();
    const std::string place = fakes.directory->path();
    std::vector<std::string> expected;
    for (const std::string& name : names) {
      ASSERT_TRUE(write_file_atomic(place + name, "garbage\n").ok());
      expected.push_back(std::string(place).append(name).append(sentence));
    }
    ASSERT_TRUE(run_pipeline(fakes.setup).end.ok());
    EXPECT_EQ(fakes.warnings, expected);
  }
}

TEST_F(SystemTest, BeginsBehindTheStagesThatAnotherRunFinished) {
  const TemporaryFolder stages;
  fakes_.setup.cache = StageCache(stages.path(), {"a", "b", "c", ""});
  const PipelineReport whole = run_pipeline(fakes_.setup);
  ASSERT_TRUE(whole.end.ok()) << whole.end.error().message;
  FakeRun other(kAll);
  other.open();
  other.setup.cache = StageCache(stages.path(), {"a", "b", "other rewards", ""});
  std::vector<std::string> notices;
  other.setup.on_notice = [&](const std::string& text) { notices.push_back(text); };
  const PipelineReport report = run_pipeline(other.setup);
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(report.weights_hash, whole.weights_hash);
  EXPECT_EQ(report.ledger, whole.ledger);
  EXPECT_TRUE(report.stages[1].reused);
  EXPECT_FALSE(report.stages[2].reused);
  EXPECT_EQ(read_metrics(other.directory->metrics_path()).value().size(), 5U);
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_NE(notices[0].find("pretrain, sft ("), std::string::npos) << notices[0];
}

TEST_F(SystemTest, EndsThoughAThreadHangs) {
  fakes_.setup.crew.fault.stall_at_group = 4;
  fakes_.setup.crew.placement.rollout_deadline = 1;
  const PipelineReport report = run_pipeline(fakes_.setup);
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_GE(report.restarts, 1);
  EXPECT_EQ(report.ledger, (LedgerCounts{48, 48, 0, 0}));
}

TEST_F(SystemTest, RefusesADamagedLedgerBeforeAnythingRuns) {
  ASSERT_TRUE(write_file_atomic(fakes_.directory->ledger_path(), "not a ledger, surely").ok());
  const PipelineReport report = run_pipeline(fakes_.setup);
  ASSERT_FALSE(report.end.ok());
  EXPECT_EQ(report.end.error().code, Errc::kBadData);
  EXPECT_EQ(RunDirectory::read_status(fakes_.directory->path())->word, "failed");
  EXPECT_EQ(report.steps, 0);
}

TEST_F(SystemTest, SaysWhatThePromptIsThatCannotBeAnswered) {
  fakes_.setup.sources.evaluation = [](Occasion) {
    return std::vector<EvaluationPass>{{"sampled", {fake_prompt("endless")}, 3, {}}};
  };
  const PipelineReport report = run_pipeline(fakes_.setup);
  ASSERT_FALSE(report.end.ok());
  EXPECT_NE(report.end.error().message.find("prompt endless"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo
