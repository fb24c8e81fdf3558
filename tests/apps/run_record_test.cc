// SPDX-License-Identifier: Apache-2.0
#include "apps/run_record.h"

#include <gtest/gtest.h>

#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(RunRecord, ReadsWhatARunLeft) {
  const TemporaryFolder folder;
  put_sample_run(folder.path(), gray_picture(64, 48));
  const auto run = read_run(folder.path() + "/");
  ASSERT_TRUE(run.ok()) << run.error().message;
  EXPECT_EQ(run.value().name, std::filesystem::path(folder.path()).filename());
  EXPECT_EQ(run.value().status, "done all stages finished");
  EXPECT_EQ(run.value().metrics.size(), 120U);
  EXPECT_EQ(run.value().env["gflops"], 412.5);
}

TEST(RunRecord, TakesTheFirstAndTheLastTracedStepOfAStage) {
  const TemporaryFolder folder;
  put_sample_run(folder.path(), gray_picture(64, 48));
  const auto run = read_run(folder.path());
  ASSERT_TRUE(run.ok()) << run.error().message;
  ASSERT_EQ(run.value().traces.size(), 2U);
  EXPECT_EQ(run.value().traces[0].stage, "rl");
  EXPECT_EQ(run.value().traces[0].step, 81);
  EXPECT_EQ(run.value().traces[1].step, 120);
  EXPECT_EQ(run.value().traces[0].traces.size(), 1U);
}

TEST(RunRecord, RefusesAFolderThatIsNoRun) {
  const TemporaryFolder folder;
  const auto run = read_run(folder.path());
  ASSERT_FALSE(run.ok());
  EXPECT_EQ(run.error().code, Errc::kInvalidConfig);
}

TEST(RunRecord, LooksAtARunThatHasOnlyBegun) {
  const TemporaryFolder folder;
  put_file(folder / "STATUS", "running pretrain\n");
  const auto run = read_run(folder.path());
  ASSERT_TRUE(run.ok()) << run.error().message;
  EXPECT_TRUE(run.value().evaluation.is_null());
  EXPECT_TRUE(run.value().metrics.empty());
}

TEST(RunRecord, SaysWhichTornLineIsLeftOut) {
  const TemporaryFolder folder;
  put_file(folder / "STATUS", "running rl\n");
  put_file(folder / "metrics.jsonl", "{\"stage\":\"rl\",\"step\":1}\n{\"stage\":\"rl\",\"st");
  testing::internal::CaptureStderr();
  const auto run = read_run(folder.path());
  const std::string said = testing::internal::GetCapturedStderr();
  ASSERT_TRUE(run.ok()) << run.error().message;
  EXPECT_EQ(run.value().metrics.size(), 1U);
  EXPECT_NE(said.find("metrics.jsonl:2: is torn"), std::string::npos) << said;
}

TEST(RunRecord, NamesTheFileThatCannotBeRead) {
  const TemporaryFolder folder;
  put_file(folder / "STATUS", "done\n");
  put_file(folder / "traces/rl/step_3.jsonl.zst", "no frame");
  const auto run = read_run(folder.path());
  ASSERT_FALSE(run.ok());
  EXPECT_EQ(run.error().code, Errc::kBadData);
  EXPECT_NE(run.error().message.find("step_3.jsonl.zst"), std::string::npos);
}

TEST(RunRecord, SaysWhatARunThatGoesOnWouldKeepAndCouldNotShow) {
  const TemporaryFolder folder;
  put_sample_run(folder.path(), gray_picture(64, 48));
  EXPECT_TRUE(check_kept(folder.path()).ok());
  put_file(folder / "traces/rl/step_120.jsonl.zst", zstd_compress("{}\nhalf"));
  const auto kept = check_kept(folder.path());
  ASSERT_FALSE(kept.ok());
  EXPECT_EQ(kept.error().code, Errc::kBadData);
  EXPECT_EQ(kept.error().message, folder / "traces/rl/step_120.jsonl.zst" +
                                      ":2: is not JSON; remove it: the run goes on without it");
}

}  // namespace
}  // namespace nelumbo
