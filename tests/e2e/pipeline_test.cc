// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <set>

#include "actors/checkpoint.h"
#include "base/metrics.h"
#include "tests/apps/sample_run.h"
#include "tests/e2e/tiny_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

/// One whole run that several tests look at.
class TinyRun : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    result_ = new RunResult(run_quietly(tiny_options(folder_->path())));
  }
  static void TearDownTestSuite() {
    delete result_;
    delete folder_;
  }
  static std::string place() { return result_->directory; }

  static TemporaryFolder* folder_;
  static RunResult* result_;
};

TemporaryFolder* TinyRun::folder_ = nullptr;
RunResult* TinyRun::result_ = nullptr;

TEST_F(TinyRun, GoesThroughAllItsStages) {
  ASSERT_TRUE(result_->end.ok()) << result_->end.error().message;
  ASSERT_EQ(result_->summary["stages"].size(), 4U);
  for (const auto& stage : result_->summary["stages"])
    EXPECT_EQ(stage["planned"], stage["done"]) << stage.dump();
  expect_balanced(*result_);
}

TEST_F(TinyRun, LeavesEverythingThatItsDirectoryPromises) {
  for (const char* name :
       {"STATUS", "config.resolved.yaml", "env.json", "metrics.jsonl", "summary.json",
        "evaluation.json", "report.html", "ledger/ledger.bin", "checkpoints/latest/hf/config.json",
        "checkpoints/latest/hf/model.safetensors", "checkpoints/latest/hf/tokenizer.json"})
    EXPECT_TRUE(std::filesystem::exists(place() + "/" + name)) << name;
  EXPECT_EQ(slurp(place() + "/STATUS").substr(0, 5), "done ");
}

TEST_F(TinyRun, ReportsExactlyNoDifferenceBetweenRolloutAndLearner) {
  const auto rows = read_metrics(place() + "/metrics.jsonl");
  ASSERT_TRUE(rows.ok());
  int64_t steps = 0;
  for (const MetricsRow& row : rows.value())
    if (row.values.contains("mismatch/logprob_abs_max")) {
      EXPECT_EQ(row.values.at("mismatch/logprob_abs_max"), 0) << row.step;
      ++steps;
    }
  EXPECT_GE(steps, 1);
}

TEST_F(TinyRun, EvaluatesBeforeAndAfterWithControls) {
  const auto evaluation = nlohmann::json::parse(slurp(place() + "/evaluation.json"));
  ASSERT_EQ(evaluation["policies"].size(), 2U);
  for (const auto& policy : evaluation["policies"]) {
    std::set<std::string> modes;
    for (const auto& set : policy["sets"])
      modes.insert(set["mode"]);
    EXPECT_EQ(modes, (std::set<std::string>{"greedy", "sampled", "blank", "no_tool"}));
  }
}

TEST_F(TinyRun, IsReportedAndNotRepeatedWhenItIsRunAgain) {
  const std::string metrics = slurp(place() + "/metrics.jsonl");
  const RunResult again = run_quietly(tiny_options(folder_->path()));
  ASSERT_TRUE(again.end.ok()) << again.end.error().message;
  EXPECT_EQ(again.summary["weights_hash"], result_->summary["weights_hash"]);
  EXPECT_EQ(slurp(place() + "/metrics.jsonl"), metrics);
}

TEST_F(TinyRun, RefusesItsDirectoryToAnotherConfiguration) {
  const std::string metrics = slurp(place() + "/metrics.jsonl");
  const RunResult other = run_quietly(tiny_options(folder_->path(), {"run.seed=2"}));
  ASSERT_FALSE(other.end.ok());
  EXPECT_EQ(other.end.error().code, Errc::kInvalidConfig);
  EXPECT_NE(other.end.error().message.find(place()), std::string::npos);
  EXPECT_EQ(slurp(place() + "/metrics.jsonl"), metrics);
}

TEST_F(TinyRun, RefusesToResumeWhenItMayNot) {
  RunOptions never = tiny_options(folder_->path());
  never.resume = "never";
  const RunResult refused = run_quietly(never);
  ASSERT_FALSE(refused.end.ok());
  EXPECT_EQ(refused.end.error().code, Errc::kInvalidConfig);
}

TEST_F(TinyRun, LeavesAReportWithTracesThatHavePictures) {
  const std::string page = slurp(place() + "/report.html");
  EXPECT_NE(page.find("data:image/jpeg;base64,"), std::string::npos);
  EXPECT_NE(page.find("Reward by component"), std::string::npos);
}

TEST_F(TinyRun, GoesOnFromTheCheckpointBeforeADamagedEnd) {
  const std::string newest = place() + "/checkpoints/latest/optimizer.safetensors";
  std::string bytes = slurp(newest);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  put_file(newest, bytes);
  const RunResult again = run_quietly(tiny_options(folder_->path()));
  ASSERT_TRUE(again.end.ok()) << again.end.error().message;
  EXPECT_EQ(again.summary["weights_hash"], result_->summary["weights_hash"]);
  EXPECT_TRUE(
      CheckpointStore::check(place() + "/checkpoints/latest", again.summary["weights_hash"]).ok());
  expect_balanced(again);
}

TEST_F(TinyRun, GoesOnWhereAnotherCheckpointStandsInThePlaceOfItsEnd) {
  namespace fs = std::filesystem;
  const fs::path all = place() + "/checkpoints", end = fs::canonical(all / "latest");
  for (const auto& entry : fs::directory_iterator(all)) {
    if (entry.is_symlink() || entry.path().filename() == end.filename())
      continue;
    fs::remove_all(end);
    fs::copy(entry.path(), end, fs::copy_options::recursive);
    break;
  }
  const std::string hash = result_->summary["weights_hash"];
  ASSERT_FALSE(CheckpointStore::check(end, hash).ok());
  const RunResult again = run_quietly(tiny_options(folder_->path()));
  ASSERT_TRUE(again.end.ok()) << again.end.error().message;
  EXPECT_EQ(again.summary["weights_hash"], hash);
  EXPECT_TRUE(CheckpointStore::check(all / "latest", hash).ok());
  expect_balanced(again);
}

TEST(LaggingRun, GivesTheSameBytesForAnyNumberOfRolloutActors) {
  std::set<std::string> hashes;
  for (const char* rollouts : {"placement.rollouts=1", "placement.rollouts=3"}) {
    const TemporaryFolder folder;
    const RunResult result = run_quietly(
        tiny_options(folder.path(), {"rl.max_staleness=1", "pipeline=[sft, rl]", rollouts}));
    ASSERT_TRUE(result.end.ok()) << result.end.error().message;
    expect_balanced(result);
    hashes.insert(result.summary["weights_hash"].get<std::string>());
    const auto rows = read_metrics(result.directory + "/metrics.jsonl");
    ASSERT_TRUE(rows.ok());
    EXPECT_EQ(rows.value().back().values.at("off_policy/max"), 1);
  }
  EXPECT_EQ(hashes.size(), 1U);
}

}  // namespace
}  // namespace nelumbo
