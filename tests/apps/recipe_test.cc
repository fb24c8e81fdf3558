// SPDX-License-Identifier: Apache-2.0
#include "apps/recipe.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "apps/open_model.h"
#include "base/base64.h"
#include "base/file.h"
#include "tests/apps/chat_run.h"
#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

RunOptions options_in(const std::string& root) {
  const std::string source = NELUMBO_SOURCE_DIR;
  RunOptions options;
  options.config = source + "/configs/tiny.yaml";
  options.overrides = {
      "run.root=" + root,         "data.root=" + source + "/data",
      "data.train_limit=2",       "data.val_limit=1",
      "pretrain.steps=1",         "pipeline.0=pretrain",
      "run.checkpoint_every=100", "reward.spec=" + source + "/configs/rewards/smear.yaml"};
  options.quiet = true;
  options.stop = [] { return true; };
  return options;
}

TEST(Recipe, SaysWhatARunConsistsOfBeforeItBegins) {
  const TemporaryFolder folder;
  std::string said;
  run_recipe(options_in(folder.path()), [&](const std::string& line) { said += line + "\n"; });
  for (const char* part : {"seed 1", "parameters", "GFLOP/s", "2 + 1 pictures"})
    EXPECT_NE(said.find(part), std::string::npos) << said;
}

TEST(Recipe, StopsResumableAndStillLeavesSummaryAndReport) {
  const TemporaryFolder folder;
  RunOptions options = options_in(folder.path());
  options.summary = folder / "copy.json";
  const RunResult result = run_recipe(options, [](const std::string&) {});
  ASSERT_FALSE(result.end.ok());
  EXPECT_EQ(result.end.error().code, Errc::kPreempted) << result.end.error().message;
  EXPECT_EQ(result.summary["exit_code"], 75);
  EXPECT_EQ(nlohmann::json::parse(slurp(folder / "copy.json"))["exit_code"], 75);
  EXPECT_TRUE(std::filesystem::exists(result.directory + "/report.html"));
}

TEST(Recipe, AddsUpTheSecondsOfAllItsProcesses) {
  const TemporaryFolder folder;
  RunOptions options = options_in(folder.path());
  const RunResult first = run_recipe(options, [](const std::string&) {});
  put_file(first.directory + "/summary.json", R"({"seconds": 1000})");
  put_file(first.directory + "/metrics.jsonl",
           R"({"stage":"pretrain","step":1,"run/seconds":900,"run/stage_seconds":800})"
           "\n");
  options.stop = [] { return false; };
  const RunResult second = run_recipe(options, [](const std::string&) {});
  ASSERT_TRUE(second.end.ok()) << second.end.error().message;
  EXPECT_GT(second.summary["seconds"], 1000);
  EXPECT_GT(second.summary["stages"][0]["seconds"], 800);
  const auto rows = read_metrics(first.directory + "/metrics.jsonl");
  EXPECT_GT(rows.value().at(0).values.at("run/seconds"), 1000);
}

TEST(Recipe, TellsTheEndOfARunThatWasKilledBeforeItsSummary) {
  const TemporaryFolder folder;
  RunOptions options = options_in(folder.path());
  options.stop = [] { return false; };
  const RunResult first = run_recipe(options, [](const std::string&) {});
  ASSERT_TRUE(first.end.ok()) << first.end.error().message;
  put_file(first.directory + "/summary.json", R"({"exit_code": 75})");  // of a process before it
  const RunResult second = run_recipe(options, [](const std::string&) {});
  EXPECT_EQ(second.summary["exit_code"], 0);
  EXPECT_EQ(second.summary["weights_hash"], first.summary["weights_hash"]);
}

TEST(Recipe, NamesADamagedTraceBeforeItGoesOn) {
  const TemporaryFolder folder;
  const RunOptions options = options_in(folder.path());
  const RunResult stopped = run_recipe(options, [](const std::string&) {});
  const std::string trace = stopped.directory + "/traces/midtrain/step_1.jsonl.zst";
  put_file(trace, "no frame");
  const std::string status = slurp(stopped.directory + "/STATUS");
  std::string said;
  const RunResult again = run_recipe(options, [&](const std::string& line) { said += line; });
  ASSERT_FALSE(again.end.ok());
  EXPECT_EQ(again.end.error().code, Errc::kBadData);
  EXPECT_EQ(again.end.error().message.rfind(trace + ": ", 0), 0U) << again.end.error().message;
  EXPECT_EQ(said, "");
  EXPECT_EQ(slurp(stopped.directory + "/STATUS"), status);
}

TEST(Recipe, MakesNoDirectoryWhenItMayNotBegin) {
  const TemporaryFolder folder;
  RunOptions options = options_in(folder / "runs");
  options.overrides.push_back("reward.spec=none.yaml");
  const RunResult result = run_recipe(options, [](const std::string&) {});
  EXPECT_FALSE(result.end.ok());
  EXPECT_TRUE(result.summary.is_null());
  EXPECT_FALSE(std::filesystem::exists(folder / "runs"));
}

class ChatRecipe : public ChatRunTest {};

/// Every stage of an open model, each prompt kept.
TEST_F(ChatRecipe, TrainsAnOpenModelAndWritesItsReport) {
  const TemporaryFolder root;
  put_file(root / "c.yaml", yaml());
  RunOptions options;
  options.config = root / "c.yaml";
  options.overrides = {"run.root=" + root.path(), "pipeline=[sft, filter, rl, evaluate]",
                       "filter.low=0", "filter.high=1", "filter.samples=2"};
  options.quiet = true;
  options.stop = [] { return false; };
  const RunResult result = run_recipe(options, [](const std::string&) {});
  ASSERT_TRUE(result.end.ok()) << result.end.error().message;
  EXPECT_EQ(result.summary["stages"][1]["name"], "filter");
  EXPECT_TRUE(result.summary["evaluation"]["policies"].size() == 2U);
  EXPECT_TRUE(std::filesystem::exists(result.directory + "/report.html"));
  EXPECT_TRUE(std::filesystem::exists(result.directory + "/checkpoints/latest/hf/config.json"));
  const RunResult again = run_recipe(options, [](const std::string&) {});
  EXPECT_EQ(again.summary["weights_hash"], result.summary["weights_hash"]);
}

/// Rollout actors and learner agree bit for bit on rounded weights, too, or the run would end.
TEST_F(ChatRecipe, TrainsOnRoundedWeights) {
  const TemporaryFolder root;
  put_file(root / "c.yaml", yaml());
  RunOptions options;
  options.config = root / "c.yaml";
  options.overrides = {"run.root=" + root.path(), "pipeline=[sft, rl]", "model.dtype=bf16"};
  options.quiet = true;
  options.stop = [] { return false; };
  const RunResult result = run_recipe(options, [](const std::string&) {});
  ASSERT_TRUE(result.end.ok()) << result.end.error().message;
  const std::string trained = result.directory + "/checkpoints/latest";
  EXPECT_EQ(weights_hash(*open_model(trained, {}, StoredType::kBf16).value().weights),
            result.summary["weights_hash"]);
  EXPECT_EQ(weights_hash(*open_model(trained).value().weights), result.summary["weights_hash"]);
}

/// Pictures by path and in the row itself, with an answer for each.
TEST_F(ChatRecipe, TrainsAModelThatSees) {
  const TemporaryFolder seeing, root;
  put_seeing_chat_model(seeing.path());
  const std::string picture = parity_folder("smolvlm") + "/images/a_97x53.png";
  const std::string bytes = read_file(picture, 1 << 20).value();
  const std::vector<uint8_t> png(bytes.begin(), bytes.end());
  std::ofstream rows(data_ / "rows.jsonl");
  for (int i = 0; i < 6; ++i) {
    const std::string shown = i % 2 == 0 ? picture : "data:image/png;base64," + to_base64(png);
    rows << R"({"question": "How many are )" << i << R"(?", "answer": "It is 3", "images": [")"
         << shown << "\"]}\n";
  }
  rows.close();
  put_file(root / "c.yaml", yaml());
  RunOptions options;
  options.config = root / "c.yaml";
  options.overrides = {"run.root=" + root.path(), "model.from=" + seeing.path(),
                       "pipeline=[sft, rl, evaluate]"};
  options.quiet = true;
  options.stop = [] { return false; };
  const RunResult result = run_recipe(options, [](const std::string&) {});
  ASSERT_TRUE(result.end.ok()) << result.end.error().message;
  EXPECT_TRUE(std::filesystem::exists(result.directory +
                                      "/checkpoints/latest/hf/preprocessor_config.json"));
}

}  // namespace
}  // namespace nelumbo
