// SPDX-License-Identifier: Apache-2.0
#include "actors/run_directory.h"

#include <chrono>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/metrics.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

class RunDirectoryTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<RunDirectory>> open(const std::string& config, bool resume) {
    return RunDirectory::open({folder_.path(), "run", config, resume});
  }

  TemporaryFolder folder_;
};

TEST_F(RunDirectoryTest, IsOfOneProcessAtATime) {
  auto first = open("a: 1\n", false);
  ASSERT_TRUE(first.ok());
  EXPECT_FALSE(first.value()->resumed());
  const auto second = open("a: 1\n", true);
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().message.find("another process is running here"), std::string::npos);
}

TEST_F(RunDirectoryTest, StaysOfOneProcessWhereItsLockIsRemoved) {
  auto first = open("a: 1\n", false);
  ASSERT_TRUE(first.ok());
  std::filesystem::remove(folder_ / "run/lock");
  const auto second = open("a: 1\n", true);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, Errc::kEnvironment);
}

TEST_F(RunDirectoryTest, WritesNothingIntoAFolderThatTookItsPlace) {
  auto run = open("a: 1\n", false);
  ASSERT_TRUE(run.ok());
  EXPECT_TRUE(run.value()->require_in_place().ok());
  std::filesystem::rename(folder_ / "run", folder_ / "elsewhere");
  std::filesystem::create_directory(folder_ / "run");
  EXPECT_FALSE(run.value()->require_in_place().ok());
  EXPECT_FALSE(run.value()->set_status({"failed", "it is gone"}).ok());
  EXPECT_FALSE(run.value()->write_summary({}).ok());
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "run"));
}

TEST_F(RunDirectoryTest, WaitsForAProcessThatIsJustEnding) {
  auto first = open("a: 1\n", false);
  ASSERT_TRUE(first.ok());
  std::thread ending([&first] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    first.value().reset();
  });
  EXPECT_TRUE(open("a: 1\n", true).ok());
  ending.join();
}

TEST_F(RunDirectoryTest, RefusesAnExistingRunWithoutResume) {
  ASSERT_TRUE(open("a: 1\n", false).ok());
  const auto again = open("a: 1\n", false);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, Errc::kInvalidConfig);
  EXPECT_NE(again.error().message.find("--resume auto"), std::string::npos);
}

TEST_F(RunDirectoryTest, SaysWhatDiffersFromTheStoredConfiguration) {
  ASSERT_TRUE(open("a:\n  c:\n    d: 1\n  e: 2\n", false).ok());
  const auto other = open("a:\n  c:\n    d: 1\n  e: 3\n", true);
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, Errc::kInvalidConfig);
  EXPECT_NE(other.error().message.find("it was 'a.e: 2' and is 'a.e: 3'"), std::string::npos)
      << other.error().message;
}

TEST_F(RunDirectoryTest, GoesOnWithAnotherPlacementAndInAnotherPlace) {
  const std::string before =
      "run:\n  name: x\n  root: a\n  checkpoint_every: 5\n  checkpoint_wait: 5\n  "
      "keep_checkpoints: 2\nplacement:\n  learners: "
      "1\nrl:\n"
      "  steps: 3\n";
  const std::string after =
      "run:\n  name: x\n  root: b/\n  checkpoint_every: 9\n  checkpoint_wait: 60\n  "
      "keep_checkpoints: 1\nplacement:\n  learners: "
      "2\nrl:\n"
      "  steps: 3\n";
  auto first = open(before, false);
  ASSERT_TRUE(first.ok()) << first.error().message;
  const std::string hash = first.value()->config_hash(), id = first.value()->id();
  first.value().reset();
  EXPECT_EQ(id.size(), 36u);
  const auto again = open(after, true);
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again.value()->config_hash(), hash);
  EXPECT_EQ(again.value()->id(), id);
  const auto twin = RunDirectory::open({folder_ / "elsewhere", "run", before, false});
  ASSERT_TRUE(twin.ok()) << twin.error().message;
  EXPECT_EQ(twin.value()->config_hash(), hash);
  EXPECT_NE(twin.value()->id(), id);
  EXPECT_EQ(read_file(folder_ / "run/config.resolved.yaml", 1 << 20).value(), after);
  const auto other = open("run:\n  name: x\nplacement:\n  learners: 2\nrl:\n  steps: 4\n", true);
  ASSERT_FALSE(other.ok());
  EXPECT_NE(other.error().message.find("it was 'rl.steps: 3' and is 'rl.steps: 4'"),
            std::string::npos)
      << other.error().message;
}

TEST_F(RunDirectoryTest, TakesUpItsOwnRun) {
  ASSERT_TRUE(open("a: 1\n", false).ok());
  auto again = open("a: 1\n", true);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again.value()->resumed());
}

TEST_F(RunDirectoryTest, RefusesAFolderThatIsNoRun) {
  std::filesystem::create_directory(folder_ / "run");
  ASSERT_TRUE(write_file_atomic(folder_ / "run/thesis.tex", "years of work").ok());
  EXPECT_FALSE(open("a: 1\n", true).ok());
}

TEST_F(RunDirectoryTest, TakesAFolderForNewWhereAStartWasKilledBeforeItsConfiguration) {
  std::filesystem::create_directory(folder_ / "run");
  ASSERT_TRUE(write_file_atomic(folder_ / "run/config.resolved.yaml.tmp-7-1", "a:").ok());
  const auto run = open("a: 1\n", false);
  ASSERT_TRUE(run.ok()) << run.error().message;
  EXPECT_FALSE(run.value()->resumed());
}

TEST_F(RunDirectoryTest, FurnishesARunThatWasKilledBehindItsConfiguration) {
  std::filesystem::create_directory(folder_ / "run");
  ASSERT_TRUE(write_file_atomic(folder_ / "run/config.resolved.yaml", "a: 1\n").ok());
  const auto run = open("a: 1\n", true);
  ASSERT_TRUE(run.ok()) << run.error().message;
  for (const char* part : {"ledger", "checkpoints", "traces", "logs"})
    EXPECT_TRUE(std::filesystem::is_directory(folder_ / ("run/" + std::string(part)))) << part;
}

TEST_F(RunDirectoryTest, ReadsBackItsStatus) {
  auto run = open("a: 1\n", false);
  ASSERT_TRUE(run.value()->set_status({"failed", "rl: diverged at step 3"}).ok());
  const auto status = RunDirectory::read_status(run.value()->path());
  ASSERT_TRUE(status.has_value());
  EXPECT_EQ(status->word, "failed");
  EXPECT_EQ(status->sentence, "rl: diverged at step 3");
}

TEST_F(RunDirectoryTest, ForgetsMetricsBeyondTheStepItGoesOnFrom) {
  auto run = open("a: 1\n", false);
  for (int64_t step : {1, 2, 3})
    ASSERT_TRUE(run.value()->append_metrics({"rl", step, {{"reward/mean", 0.5}}}).ok());
  ASSERT_TRUE(run.value()->cut_metrics(2).ok());
  ASSERT_TRUE(run.value()->append_metrics({"rl", 3, {{"reward/mean", 0.75}}}).ok());
  const auto rows = read_metrics(run.value()->metrics_path());
  ASSERT_EQ(rows.value().size(), 3U);
  EXPECT_EQ(rows.value()[2].values.at("reward/mean"), 0.75);
}

TEST_F(RunDirectoryTest, KeepsEventsAcrossProcesses) {
  for (const bool resume : {false, true}) {
    auto run = open("a: 1\n", resume);
    ASSERT_TRUE(run.ok());
    ASSERT_TRUE(run.value()->append_event({{"event", "reward"}, {"step", resume ? 2 : 1}}).ok());
  }
  const auto events = read_file(folder_ / "run/events.jsonl", 1 << 10);
  ASSERT_TRUE(events.ok());
  EXPECT_EQ(events.value(),
            "{\"event\":\"reward\",\"step\":1}\n{\"event\":\"reward\",\"step\":2}\n");
}

TEST_F(RunDirectoryTest, NamesAPlaceThatCannotBeWritten) {
  ASSERT_TRUE(write_file_atomic(folder_ / "file", "").ok());
  const auto run = RunDirectory::open({folder_ / "file", "run", "a: 1\n", false});
  ASSERT_FALSE(run.ok());
  EXPECT_EQ(run.error().code, Errc::kEnvironment);
}

}  // namespace
}  // namespace nelumbo
