// SPDX-License-Identifier: Apache-2.0
//
// What a replay comes to stands in tests/e2e/asynchronous_test.cc.
#include "apps/run_replay.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "base/file.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

class RunReplayTest : public ::testing::Test {
 protected:
  RunReplayTest() {
    config_.pipeline = {"sft", "rl"};
    config_.rl.max_staleness = 3;
    config_.run.root = folder_.path();
    config_.run.name = "first";
    std::filesystem::create_directories(run_);
    put("config.resolved.yaml", resolved_yaml(config_));
    config_.run.name = "again";
  }

  void put(const std::string& name, const std::string& text) {
    ASSERT_TRUE(write_file_atomic(run_ + "/" + name, text).ok());
  }
  std::string refusal() {
    const auto opened = open_replay(config_, run_);
    EXPECT_FALSE(opened.ok());
    return opened ? "" : opened.error().message;
  }

  TemporaryFolder folder_;
  std::string run_ = folder_ / "first";
  RunConfig config_;
};

TEST_F(RunReplayTest, OpensARunOfTheSameConfigurationAndReadsItsTraces) {
  config_.placement.rollouts = 3;
  config_.run.checkpoint_every = 7;
  const auto opened = open_replay(config_, run_);
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  const auto missing = opened.value()(4);
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().message.find("step_4.jsonl.zst"), std::string::npos);
}

TEST_F(RunReplayTest, RefusesWhatItCannotRepeat) {
  config_.rl.prompts += 1;
  EXPECT_NE(refusal().find("another configuration"), std::string::npos);
  config_.rl.prompts -= 1;
  config_.placement.learners = 2;
  EXPECT_NE(refusal().find("placement.learners"), std::string::npos);
  config_.placement.learners = 1;
  config_.run.seed += 1;
  EXPECT_NE(refusal().find("another configuration"), std::string::npos);
  config_.run.seed -= 1;
  config_.placement.processes = "separate";
  EXPECT_NE(refusal().find("placement.processes=one"), std::string::npos);
  config_.placement.processes = "one";
  config_.run.name = "first";
  EXPECT_NE(refusal().find("run.name=OTHER"), std::string::npos);
  config_.run.name = "again";
  put("events.jsonl", R"({"event": "rollback", "stage": "rl", "to": 4, "step": 6, "why": "loss"})"
                      "\n");
  EXPECT_NE(refusal().find("rollback"), std::string::npos);
  config_.rl.max_staleness = 1;
  EXPECT_NE(refusal().find("repeats its bits by itself"), std::string::npos);
  run_ = folder_ / "none";
  EXPECT_NE(refusal().find("no run in this folder"), std::string::npos);
}

TEST_F(RunReplayTest, ComparesTheWeightsOfAFinishedRun) {
  EXPECT_TRUE(require_same_weights(run_, "a").ok());
  put("summary.json", R"({"exit_code": 0, "weights_hash": "a"})");
  EXPECT_TRUE(require_same_weights(run_, "a").ok());
  const auto other = require_same_weights(run_, "b");
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, Errc::kCheckFailed);
  put("summary.json", R"({"exit_code": 75, "weights_hash": "a"})");
  EXPECT_TRUE(require_same_weights(run_, "b").ok());
}

}  // namespace
}  // namespace nelumbo
