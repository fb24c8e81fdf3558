// SPDX-License-Identifier: Apache-2.0
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

TEST(Resume, EndsWithTheSameWeightsHoweverOftenItWasStopped) {
  const TemporaryFolder folder;
  const std::string whole = hash_of(run_with(folder, "whole", {}));
  RunOptions options = tiny_options(folder.path(), {"run.name=stopped"});
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

TEST(Reuse, ComputesOnlyWhatAChangedRewardConcerns) {
  const TemporaryFolder folder;
  ASSERT_TRUE(run_quietly(tiny_options(folder.path(), {"run.name=first"})).end.ok());
  const std::string spec = folder.path() + "/reward.yaml";
  const std::string source = std::string(NELUMBO_SOURCE_DIR) + "/configs/rewards/smear.yaml";
  std::string text = read_file(source, 1 << 20).value();
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
