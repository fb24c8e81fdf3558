// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "base/file.h"
#include "model/score_model.h"
#include "tests/e2e/tiny_run.h"
#include "tests/support/chat_model_folder.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

/// Every file of a folder, by name.
std::map<std::string, std::string> files_of(const fs::path& folder) {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::directory_iterator(folder))
    all[entry.path().filename().string()] =
        read_file(entry.path().string(), int64_t{1} << 30).value();
  return all;
}

/// A tiny open model and pairs in which the short answer is the better one.
class OpenModelPreferences : public testing::Test {
 protected:
  OpenModelPreferences() {
    put_chat_model(model_.path());
    std::ofstream rows(folder_ / "pairs.jsonl");
    for (int i = 1; i <= 16; ++i)
      rows << R"({"prompt": ")" << i << R"( + 1?", "chosen": "It is )" << i + 1
           << R"(", "rejected": "I would not know"})"
           << "\n";
    // No stage of it scores answers, so the specification is not looked for.
    std::ofstream(folder_ / "run.yaml")
        << "run: {root: " << folder_ / "runs"
        << ", checkpoint_every: 2}\n"
        << "model: {from: " << model_.path()
        << "}\npreferences: {train: " << folder_ / "pairs.jsonl"
        << ", hold_out: 4}\nreward: {spec: is/not/there.yaml}\npipeline: [reward_model, dpo]\n"
        << "reward_model: {steps: 12, pairs: 4, validate_every: 6, optimizer: {lr: 1.0e-2, "
           "warmup: 1}}\ndpo: {steps: 12, pairs: 4, validate_every: 6, optimizer: {lr: 1.0e-3, "
           "warmup: 1}}\n";
  }

  RunResult run(const std::string& name, std::vector<std::string> changes = {},
                std::function<bool()> stop = nullptr, const std::string& resume = "never") {
    RunOptions options;
    options.config = folder_ / "run.yaml";
    options.overrides = std::move(changes);
    options.overrides.push_back("run.name=" + name);
    options.quiet = true;
    options.resume = resume;
    options.stop = stop ? std::move(stop) : [] { return false; };
    return run_quietly(options);
  }

  TemporaryFolder model_, folder_;
};

TEST_F(OpenModelPreferences, RunFromRowsToAPolicyAndARewardModel) {
  const RunResult result = run("whole");
  ASSERT_TRUE(result.end.ok()) << result.end.error().message;
  const auto& stages = result.summary["stages"];
  EXPECT_EQ(stages[0]["last"]["eval/reward_model/accuracy"], 1);
  EXPECT_EQ(stages[1]["last"]["eval/dpo/accuracy"], 1);
  EXPECT_GT(stages[1]["last"]["eval/dpo/margin"].get<double>(), 0);
  const auto model = read_score_model(result.directory + "/reward_model");
  ASSERT_TRUE(model.ok()) << model.error().message;
  EXPECT_EQ(model.value().use, ScoreUse::kAnswer);
  const auto report = read_file(result.directory + "/report.html", 1 << 24);
  EXPECT_NE(report.value().find("Held-out preferences: ordered or judged right"),
            std::string::npos);
}

TEST_F(OpenModelPreferences, AStoppedRunEndsWithTheSameBits) {
  const RunResult whole = run("whole");
  for (const int stop_at : {3, 20}) {
    const std::string name = "stopped" + std::to_string(stop_at);
    int asked = 0;
    const RunResult stopped = run(name, {}, [&] { return ++asked > stop_at; });
    ASSERT_FALSE(stopped.end.ok());
    EXPECT_EQ(stopped.end.error().code, Errc::kPreempted);
    const RunResult resumed = run(name, {}, nullptr, "auto");
    EXPECT_EQ(hash_of(resumed), hash_of(whole));
    EXPECT_EQ(files_of(resumed.directory + "/reward_model"),
              files_of(whole.directory + "/reward_model"));
  }
}

TEST_F(OpenModelPreferences, RanksAndProcessesGiveTheSameBits) {
  const RunResult two = run("two", {"placement.learners=2"});
  const RunResult again = run("again", {"placement.learners=2", "placement.sharding=optimizer"});
  EXPECT_EQ(hash_of(two), hash_of(again));
  EXPECT_EQ(files_of(two.directory + "/reward_model"), files_of(again.directory + "/reward_model"));
}

TEST_F(OpenModelPreferences, AStageOfAnotherRunIsTakenOverWithItsModel) {
  const RunResult first = run("first", {}, nullptr, "auto");
  const RunResult second = run("second", {"dpo.steps=2"}, nullptr, "auto");
  ASSERT_TRUE(second.end.ok()) << second.end.error().message;
  EXPECT_EQ(second.summary["stages"][0].value("reused", false), true);
  EXPECT_EQ(files_of(first.directory + "/reward_model"),
            files_of(second.directory + "/reward_model"));
}

TEST_F(OpenModelPreferences, ARewardModelScoresTheAnswersOfRl) {
  const RunResult trained = run("trained", {"pipeline=[reward_model]"});
  ASSERT_TRUE(trained.end.ok()) << trained.end.error().message;
  std::ofstream(folder_ / "rows.jsonl") << R"({"question": "1 + 1?", "answer": "2"})"
                                        << "\n"
                                        << R"({"question": "2 + 1?", "answer": "3"})"
                                        << "\n"
                                        << R"({"question": "3 + 1?", "answer": "4"})"
                                        << "\n";
  std::ofstream(folder_ / "reward.yaml")
      << "specs:\n  chat:\n    layers:\n      rule:\n        terms:\n"
         "          - {kind: reward_model, model: "
      << trained.directory << "/reward_model}\n    on: {turns: zero}\n";
  const RunResult rl =
      run("rl", {"pipeline=[rl]", "reward.spec=" + (folder_ / "reward.yaml"),
                 "chat.train=" + (folder_ / "rows.jsonl"), "chat.hold_out=1",
                 "chat.answer=last_number", "rl.steps=2", "rl.prompts=2", "rl.group_size=2",
                 "sampling.max_new_tokens=4", "engine.key_blocks=256", "engine.max_batch=16"});
  ASSERT_TRUE(rl.end.ok()) << rl.end.error().message;
}

TEST(RecipePreferencesRun, TrainsAllThreeStagesOnItsOwnQuestions) {
  const TemporaryFolder folder;
  std::vector<std::string> changes = {
      "pipeline=[curate, pretrain, sft, reward_model, prm, dpo]", "run.name=pairs",
      std::string("reward.spec=") + NELUMBO_SOURCE_DIR + "/configs/rewards/medical.yaml"};
  for (const char* stage : {"reward_model", "prm", "dpo"})
    for (const char* key : {".steps=2", ".pairs=4", ".validate_every=2", ".optimizer.warmup=1"})
      changes.push_back(std::string(stage) + key);
  const RunResult result = run_quietly(tiny_options(folder.path(), changes));
  ASSERT_TRUE(result.end.ok()) << result.end.error().message;
  EXPECT_EQ(read_score_model(result.directory + "/reward_model").value().use, ScoreUse::kAnswer);
  EXPECT_EQ(read_score_model(result.directory + "/prm").value().use, ScoreUse::kSteps);
  const auto measured =
      nlohmann::json::parse(read_file(result.directory + "/prm/measured.json", 1 << 20).value());
  EXPECT_TRUE(measured["f1"].is_number());
  EXPECT_GT(measured["steps"].get<double>(), 0);
}

}  // namespace
}  // namespace nelumbo
