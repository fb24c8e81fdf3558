// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "apps/open_model.h"
#include "base/file.h"
#include "tests/e2e/tiny_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

/// A run of its own name with one change, which computes every stage.
RunResult run_with(const TemporaryFolder& folder, const std::string& name,
                   std::vector<std::string> changes) {
  changes.push_back("run.name=" + name);
  RunOptions options = tiny_options(folder.path(), changes);
  options.resume = "never";  // computes every stage
  return run_quietly(options);
}

TEST(Determinism, EndsWithTheSameWeightsForAnyNumberOfRolloutActors) {
  const TemporaryFolder folder;
  const std::string one = hash_of(run_with(folder, "one", {"placement.rollouts=1"}));
  EXPECT_EQ(one, hash_of(run_with(folder, "two", {"placement.rollouts=2"})));
  EXPECT_EQ(one, hash_of(run_with(folder, "three", {"placement.rollouts=3"})));
}

TEST(Determinism, EndsWithTheSameWeightsForAnyNumberOfCores) {
  const TemporaryFolder folder;
  const std::string two = hash_of(run_with(folder, "two", {"placement.cores=2"}));
  EXPECT_EQ(two, hash_of(run_with(folder, "one", {"placement.cores=1"})));
}

TEST(Determinism, EndsWithTheSameWeightsHoweverLearnersAreSharded) {
  const TemporaryFolder folder;
  const auto ranks = [&](const std::string& name, const std::string& sharding) {
    return hash_of(
        run_with(folder, name, {"placement.learners=2", "placement.sharding=" + sharding}));
  };
  const std::string replicated = ranks("replicated", "replicated");
  EXPECT_EQ(ranks("optimizer", "optimizer"), replicated);
  EXPECT_EQ(ranks("again", "optimizer"), replicated);
  EXPECT_EQ(ranks("full", "full"), replicated);
}

TEST(Determinism, EndsWithOtherWeightsForAnotherSeed) {
  const TemporaryFolder folder;
  EXPECT_NE(hash_of(run_with(folder, "a", {"run.seed=1"})),
            hash_of(run_with(folder, "b", {"run.seed=2"})));
}

TEST(Supervision, ReplacesARolloutActorThatThrowsAndLosesNothing) {
  const TemporaryFolder folder;
  const std::string whole = hash_of(run_with(folder, "whole", {}));
  const RunResult hurt = run_with(folder, "hurt", {"faults.throw_at_group=3"});
  EXPECT_EQ(hash_of(hurt), whole);
  EXPECT_GE(hurt.summary["restarts"].get<int64_t>(), 1);
  expect_balanced(hurt);
}

TEST(Supervision, ReplacesARolloutActorThatStallsAndLosesNothing) {
  const TemporaryFolder folder;
  const std::string whole = hash_of(run_with(folder, "whole", {}));
  const RunResult hurt =
      run_with(folder, "hurt", {"faults.stall_at_group=3", "placement.rollout_deadline=5"});
  EXPECT_EQ(hash_of(hurt), whole);
  EXPECT_GE(hurt.summary["restarts"].get<int64_t>(), 1);
  expect_balanced(hurt);
}

/// Stops a run at every third poll and takes it up again, until it is done.
void expect_the_same_when_stopped(const std::vector<std::string>& changes) {
  const TemporaryFolder folder;
  const std::string whole = hash_of(run_with(folder, "whole", changes));
  std::vector<std::string> stopped = changes;
  stopped.emplace_back("run.name=stopped");
  RunOptions options = tiny_options(folder.path(), stopped);
  RunResult result;
  int64_t stops = 0;
  do {
    int64_t polls = 0;
    options.stop = [&polls] { return ++polls > 2; };
    result = run_quietly(options);
    stops += !result.end.ok();
    ASSERT_TRUE(result.end.ok() || result.end.error().code == Errc::kPreempted)
        << result.end.error().message;
    ASSERT_LT(stops, 20) << "no progress";
  } while (!result.end.ok());
  EXPECT_GE(stops, 2);
  EXPECT_EQ(hash_of(result), whole);
  expect_balanced(result);
}

TEST(Resume, EndsWithTheSameWeightsHoweverOftenItWasStopped) {
  expect_the_same_when_stopped({});
}

TEST(Resume, EndsWithTheSameWeightsWhereStagesTrainAdapters) {
  expect_the_same_when_stopped({"sft.adapter.rank=2", "rl.adapter.rank=3",
                                "rl.adapter.targets=[q_proj, up_proj]",
                                "pretrain.freeze=[connector]", "rl.checkpoint_blocks=true"});
}

TEST(Adapters, LieBesideTheWeightsAndMergeIntoTheirBaseBitForBit) {
  const TemporaryFolder folder;
  const RunResult run = run_with(
      folder, "run",
      {"pipeline=[pretrain, sft, evaluate]", "run.keep_checkpoints=20", "sft.adapter.rank=2"});
  ASSERT_TRUE(run.end.ok()) << run.end.error().message;
  const std::string checkpoints = folder / "run/checkpoints";
  const std::string base = checkpoints + "/step_3";  // the end of pretrain
  EXPECT_FALSE(std::filesystem::exists(base + "/adapter"));
  for (const char* step : {"/step_4", "/step_6", "/latest"}) {
    const auto merged = open_model(base, checkpoints + step);
    ASSERT_TRUE(merged.ok()) << merged.error().message;
    const auto trained = open_model(checkpoints + step);
    EXPECT_EQ(weights_hash(*merged.value().weights), weights_hash(*trained.value().weights));
    EXPECT_NE(weights_hash(*merged.value().weights),
              weights_hash(*open_model(base).value().weights));
  }
}

TEST(Reuse, ComputesOnlyWhatAChangedRewardConcerns) {
  const TemporaryFolder folder;
  ASSERT_TRUE(run_quietly(tiny_options(folder.path(), {"run.name=first"})).end.ok());
  const std::string spec = folder.path() + "/reward.yaml";
  const std::string shipped = std::string(NELUMBO_SOURCE_DIR) + "/configs/rewards/";
  std::string text = read_file(shipped + "smear.yaml", 1 << 20).value();
  const std::string gates = read_file(shipped + "gates.yaml", 1 << 20).value();
  ASSERT_TRUE(write_file_atomic(folder.path() + "/gates.yaml", gates).ok());
  const size_t at = text.find("factor: 0.05");
  ASSERT_NE(at, std::string::npos);
  ASSERT_TRUE(write_file_atomic(spec, text.replace(at, 12, "factor: 0.04")).ok());
  const std::vector<std::string> changed = {"run.name=second", "reward.spec=" + spec};
  const RunResult second = run_quietly(tiny_options(folder.path(), changed));
  const nlohmann::json& stages = second.summary["stages"];
  for (size_t i = 0; i < 4; ++i)
    EXPECT_EQ(stages[i].contains("reused"), i < 2) << stages[i];
  EXPECT_EQ(hash_of(second), hash_of(run_with(folder, "afresh", {"reward.spec=" + spec})));
}

TEST(Reuse, OfEveryStageStillComparesWithThePolicyBeforeRl) {
  const TemporaryFolder folder;
  const RunResult first = run_quietly(tiny_options(folder.path(), {"run.name=first"}));
  const RunResult again = run_quietly(tiny_options(folder.path(), {"run.name=again"}));
  EXPECT_EQ(hash_of(again), hash_of(first));
  EXPECT_TRUE(again.summary["stages"][2].contains("reused"));
  EXPECT_EQ(again.summary["evaluation"], first.summary["evaluation"]);
}

}  // namespace
}  // namespace nelumbo
