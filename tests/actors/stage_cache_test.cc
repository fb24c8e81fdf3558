// SPDX-License-Identifier: Apache-2.0
#include "actors/stage_cache.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "actors/crew.h"
#include "base/file.h"
#include "tests/support/fake_policy.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

class StageCacheTest : public ::testing::Test {
 protected:
  /// A checkpoint behind `stages` stages.
  std::string checkpoint(int64_t stages) {
    CheckpointContent content;
    content.state.stage_index = stages;
    content.state.step = 10 * stages;
    content.state.restarts = 3;
    content.weights = content.learner_state = share(fake_weights(static_cast<float>(stages)));
    std::filesystem::create_directories(run_);
    CheckpointStore store(run_ + "/checkpoints", "config", 9,
                          [](const std::string& place, const WeightSet& weights) {
                            return write_safetensors(place + "/model.safetensors", weights);
                          });
    auto path = store.save(content);
    EXPECT_TRUE(path.ok());
    return path.value();
  }
  void keep(int64_t index) { ASSERT_TRUE(cache_.keep(index, run_, checkpoint(index + 1)).ok()); }
  void damage(const std::string& key) {
    std::filesystem::resize_file(root_ + "/stages/" + key + "/checkpoint/hf/model.safetensors", 9);
  }

  TemporaryFolder folder_;
  std::string root_ = folder_.path();
  std::string run_ = root_ + "/run";
  StageCache cache_{root_ + "/stages", {"a", "ab", "abc", ""}};
  std::vector<std::string> skipped_;
};

TEST_F(StageCacheTest, FindsNothingWhereNothingWasKept) {
  EXPECT_FALSE(cache_.find(run_, &skipped_).has_value());
  EXPECT_TRUE(skipped_.empty());
}

TEST_F(StageCacheTest, BeginsBehindTheFurthestStageThatIsKept) {
  keep(0);
  keep(1);
  const auto start = cache_.find(run_, &skipped_);
  ASSERT_TRUE(start.has_value());
  EXPECT_EQ(start->stages, 2);
  EXPECT_EQ(start->checkpoint.state.step, 20);
  EXPECT_EQ(start->checkpoint.state.restarts, 0);
}

TEST_F(StageCacheTest, KeepsNothingUnderAnEmptyKey) {
  keep(3);
  EXPECT_FALSE(cache_.find(run_, &skipped_).has_value());
}

TEST_F(StageCacheTest, OutlivesTheRunThatComputedIt) {
  keep(0);
  fs::remove_all(run_);
  EXPECT_TRUE(cache_.find(run_, &skipped_).has_value());
}

TEST_F(StageCacheTest, HandsOnTheEvaluationBeforeRlAndWhatTheGatesSaid) {
  for (const std::string name : {"evaluation/before.json", "midtrain/gates.json"}) {
    ASSERT_TRUE(make_directories(fs::path(run_ + "/" + name).parent_path()).ok());
    ASSERT_TRUE(write_file_atomic(run_ + "/" + name, "{}").ok());
  }
  keep(2);
  ASSERT_TRUE(cache_.find(root_ + "/other", &skipped_).has_value());
  EXPECT_TRUE(fs::exists(root_ + "/other/evaluation/before.json"));
  EXPECT_TRUE(fs::exists(root_ + "/other/midtrain/gates.json"));
}

TEST_F(StageCacheTest, IsFoundAgainByARunThatWasStoppedBeforeItsFirstCheckpoint) {
  ASSERT_TRUE(make_directories(run_ + "/evaluation").ok());
  ASSERT_TRUE(write_file_atomic(run_ + "/evaluation/before.json", "{}").ok());
  keep(2);
  for (int process = 0; process < 2; ++process) {
    const auto start = cache_.find(root_ + "/other", &skipped_);
    ASSERT_TRUE(start.has_value());
    EXPECT_EQ(start->stages, 3);
  }
  EXPECT_TRUE(skipped_.empty());
}

TEST_F(StageCacheTest, PassesOverADamagedStageAndMendsItWhenItIsComputedAgain) {
  keep(0);
  keep(1);
  damage("ab");
  EXPECT_EQ(cache_.find(run_, &skipped_)->stages, 1);
  EXPECT_EQ(skipped_.size(), 1U);
  fs::remove_all(run_);
  keep(1);
  EXPECT_EQ(cache_.find(run_, &skipped_)->stages, 2);
}

}  // namespace
}  // namespace nelumbo
