// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <set>

#include "base/file.h"
#include "base/metrics.h"
#include "tests/apps/sample_run.h"
#include "tests/e2e/tiny_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

/// The whole recipe, small: all six stages.
RunOptions recipe_options(const TemporaryFolder& folder, const std::string& name,
                          std::vector<std::string> more = {}) {
  std::vector<std::string> words = {
      "run.name=" + name,
      "reward.spec=" + std::string(NELUMBO_SOURCE_DIR) + "/configs/rewards/medical.yaml",
      "pipeline=[curate, pretrain, midtrain, sft, rl, evaluate]",
      "curate.entities=120",
      "curate.questions=120",
      "curate.reading=40",
      "curate.most_hops=3",
      "curate.validation_questions=8",
      "curate.exam_questions=2",
      "tokenizer.vocab_size=600",
      "pretrain.texts=2",
      "midtrain.steps=4",
      "midtrain.images=2",
      "midtrain.items=2",
      "midtrain.questions=4",
      "midtrain.draw.steps=1",
      "midtrain.draw.prompts=4",
      "midtrain.draw.samples=1",
      "sft.questions=4",
      "rl.steps=2",
      "tasks.multihop=4",
      "tasks.exam=4",
      "tasks.instruction=4",
      "tasks.report=4"};
  words.insert(words.end(), more.begin(), more.end());
  return tiny_options(folder.path(), words);
}

std::vector<std::string> reused_stages(const RunResult& result) {
  std::vector<std::string> reused;
  for (const auto& stage : result.summary["stages"])
    if (stage.value("reused", false))
      reused.push_back(stage["name"]);
  return reused;
}

/// One run of it serves all.
class Recipe : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryFolder>();
    whole_ = std::make_unique<RunResult>(run_quietly(recipe_options(*folder_, "whole")));
  }
  static void TearDownTestSuite() {
    whole_.reset();
    folder_.reset();
  }
  void SetUp() override { ASSERT_TRUE(whole_->end.ok()) << whole_->end.error().message; }

  static inline std::unique_ptr<TemporaryFolder> folder_;
  static inline std::unique_ptr<RunResult> whole_;
};

TEST_F(Recipe, GoesThroughSixStagesAndScoresSixClasses) {
  const RunResult& result = *whole_;
  std::vector<std::string> names;
  for (const auto& stage : result.summary["stages"]) {
    EXPECT_EQ(stage["planned"], stage["done"]) << stage.dump();
    names.push_back(stage["name"]);
  }
  EXPECT_EQ(names,
            (std::vector<std::string>{"curate", "pretrain", "midtrain", "sft", "rl", "evaluate"}));
  expect_balanced(result);
  for (const char* name : {"curate/report.json", "curate/corpus.jsonl", "midtrain/gates.json",
                           "midtrain/draw_0.jsonl", "midtrain/draw_1.jsonl"})
    EXPECT_TRUE(std::filesystem::exists(result.directory + "/" + name)) << name;
  const auto rows = read_metrics(result.directory + "/metrics.jsonl");
  ASSERT_TRUE(rows.ok());
  for (const MetricsRow& row : rows.value()) {
    if (row.values.contains("mismatch/logprob_abs_max")) {
      EXPECT_EQ(row.values.at("mismatch/logprob_abs_max"), 0) << row.step;
    }
  }
  const auto evaluation = nlohmann::json::parse(slurp(result.directory + "/evaluation.json"));
  std::set<std::string> classes;
  for (const auto& [name, scores] : evaluation["policies"].back()["benchmark"]["classes"].items())
    classes.insert(name);
  EXPECT_EQ(classes, (std::set<std::string>{"visual", "imaging", "diagnosis", "text", "report",
                                            "instruction"}));
  const std::string page = slurp(result.directory + "/report.html");
  EXPECT_NE(page.find("Curated data"), std::string::npos);
  EXPECT_NE(page.find("Traces drawn by midtrain"), std::string::npos);
}

TEST_F(Recipe, ComputesOnlyRlAndEvaluationAgainWhenTheRewardChanges) {
  EXPECT_TRUE(reused_stages(*whole_).empty());
  const std::string rewards = std::string(NELUMBO_SOURCE_DIR) + "/configs/rewards";
  std::filesystem::copy(rewards, *folder_ / "rewards");
  ASSERT_TRUE(write_file_atomic(*folder_ / "rewards/medical.yaml",
                                slurp(rewards + "/medical.yaml") + "\n# another\n")
                  .ok());
  const RunResult second = run_quietly(
      recipe_options(*folder_, "second", {"reward.spec=" + (*folder_ / "rewards/medical.yaml")}));
  ASSERT_TRUE(second.end.ok()) << second.end.error().message;
  EXPECT_EQ(reused_stages(second),
            (std::vector<std::string>{"curate", "pretrain", "midtrain", "sft"}));
  EXPECT_EQ(second.summary["weights_hash"], whole_->summary["weights_hash"])
      << "the rewards are the same, so what rl learns from the same start is, too";
}

TEST_F(Recipe, GivesTheSameBytesForTheSameSeed) {
  RunOptions again = recipe_options(*folder_, "again", {"placement.rollouts=1"});
  again.resume = "never";
  const RunResult second = run_quietly(again);
  EXPECT_TRUE(reused_stages(second).empty());
  EXPECT_EQ(hash_of(*whole_), hash_of(second));
  for (const char* name : {"curate/corpus.jsonl", "midtrain/draw_0.jsonl", "evaluation.json"})
    EXPECT_EQ(slurp(whole_->directory + "/" + name), slurp(second.directory + "/" + name)) << name;
}

TEST(BrokenRecipe, SaysWhatIsWrongWithATextBeforeAnythingIsWritten) {
  const TemporaryFolder folder;
  std::filesystem::copy(std::string(NELUMBO_SOURCE_DIR) + "/data", folder / "data",
                        std::filesystem::copy_options::recursive);
  ASSERT_TRUE(write_file_atomic(folder / "data/medqa/dev.jsonl", "{\"question\": 3}\n").ok());
  const RunResult result =
      run_quietly(recipe_options(folder, "broken", {"data.root=" + (folder / "data")}));
  ASSERT_FALSE(result.end.ok());
  EXPECT_EQ(result.end.error().code, Errc::kBadData);
  EXPECT_NE(result.end.error().message.find("medqa/dev.jsonl:1"), std::string::npos)
      << result.end.error().message;
  EXPECT_FALSE(std::filesystem::exists(folder / "broken"));
}

}  // namespace
}  // namespace nelumbo
