// SPDX-License-Identifier: Apache-2.0
#include "apps/run_traces.h"

#include <filesystem>
#include <vector>

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/zstd.h"
#include "reward/trace.h"
#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

std::string message_of(const std::string& run, const std::string& stage) {
  const auto read =
      for_each_group(run, stage, [](int64_t, const ScoredGroup&) -> Result<void> { return {}; });
  return read ? "" : read.error().message;
}

TEST(RunTraces, GivesGroupsInTheOrderOfTheSteps) {
  const TemporaryFolder folder;
  put_sample_run(folder / "run", gray_picture(64, 48));
  std::vector<int64_t> steps;
  const auto read =
      for_each_group(folder / "run", "rl", [&](int64_t step, const ScoredGroup& group) {
        steps.push_back(step);
        EXPECT_EQ(group.group->trajectories[1].text, "\xff<script>alert(1)</script>");
        return Result<void>();
      });
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(steps, (std::vector<int64_t>{81, 90, 120}));
}

TEST(RunTraces, StopsAtTheFirstErrorOfItsUser) {
  const TemporaryFolder folder;
  put_sample_run(folder / "run", gray_picture(64, 48));
  int64_t calls = 0;
  const auto read = for_each_group(folder / "run", "rl", [&](int64_t, const ScoredGroup&) {
    ++calls;
    return Result<void>(Error{Errc::kCheckFailed, "enough"});
  });
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(read.error().message, "enough");
}

TEST(RunTraces, SayWhatIsNotThere) {
  const TemporaryFolder folder;
  put_sample_run(folder / "run", gray_picture(64, 48));
  EXPECT_EQ(message_of(folder / "none", "rl"),
            folder / "none" + ": there is no such run directory");
  EXPECT_EQ(
      message_of(folder / "run", "sft"),
      folder / "run" + ": has no traces of stage 'sft': there are rl; choose one with --stage");
  EXPECT_NE(message_of(folder / "run", "../traces/rl").find("has no traces"), std::string::npos);
}

TEST(RunTraces, AreBadDataWhereThereAreNone) {
  const TemporaryFolder folder;
  put_file(folder / "run/STATUS", "done\n");
  const auto ignore = [](int64_t, const ScoredGroup&) -> Result<void> { return {}; };
  const auto none = for_each_group(folder / "run", "rl", ignore);
  EXPECT_EQ(none.error().code, Errc::kBadData);
  EXPECT_EQ(none.error().message, folder / "run" +
                                      ": has no traces of stage 'rl', nor of any other; a run "
                                      "writes them, under traces/, when it scores answers");
  ASSERT_TRUE(make_directories(folder / "run/traces").ok());
  ASSERT_TRUE(write_trace(folder / "run/traces/rl/step_1.jsonl.zst", {}).ok());
  const auto empty = for_each_group(folder / "run", "rl", ignore);
  EXPECT_EQ(empty.error().code, Errc::kBadData);
  EXPECT_EQ(empty.error().message, folder / "run" +
                                       ": its traces of stage 'rl' hold no answers; run again, or "
                                       "choose another with --stage");
}

TEST(RunTraces, NameTheCopyOfAFile) {
  const TemporaryFolder folder;
  put_sample_run(folder / "run", gray_picture(64, 48));
  const std::string traces = folder / "run/traces/rl/";
  std::filesystem::copy_file(traces + "step_81.jsonl.zst", traces + "step_82.jsonl.zst");
  const std::string message = message_of(folder / "run", "rl");
  EXPECT_TRUE(message.starts_with(traces + "step_82.jsonl.zst: has group ")) << message;
  EXPECT_TRUE(message.ends_with(", which " + traces +
                                "step_81.jsonl.zst has, too; one is a copy: take it away"))
      << message;
}

TEST(RunTraces, NameTheLineThatIsNoTrace) {
  const TemporaryFolder folder;
  put_file(folder / "run/traces/rl/step_3.jsonl.zst", zstd_compress("{\"group\": 1}\n"));
  EXPECT_EQ(message_of(folder / "run", "rl").find(folder / "run/traces/rl/step_3.jsonl.zst:1: "),
            0U);
}

TEST(RunTraces, CountsOnlyFilesOfTraces) {
  const TemporaryFolder folder;
  for (const char* name : {"step_12.jsonl.zst", "step_x.jsonl.zst", "step_3.jsonl", "notes"})
    put_file(folder / name, "");
  const auto files = trace_files(folder.path());
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files.begin()->first, 12);
}

}  // namespace
}  // namespace nelumbo
