// SPDX-License-Identifier: Apache-2.0
#include "actors/node.h"

#include <gtest/gtest.h>

#include "tests/support/joined_node.h"

namespace nelumbo {
namespace {

class NodeTest : public JoinedNode {};

TEST_F(NodeTest, SaysThatNobodyAnswers) {
  bool wedged = false;
  NodeOptions options;
  options.port = 1;
  options.role = "rollout";
  options.patience = std::chrono::seconds(0);
  options.stop_requested = [] { return false; };
  const auto end = run_node(
      options, [](const WorkerTask&) -> Result<CrewSetup> { return CrewSetup(); }, &wedged);
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().message,
            "no coordinator answers at 127.0.0.1:1; is the run still going on?");
  EXPECT_FALSE(wedged);
}

TEST_F(NodeTest, EndsWellWhenAStopIsRequested) {
  open();
  std::thread node = join("rollout", "r");
  stop_ = true;
  node.join();
  const Result<void>& end = ends_["r"];
  EXPECT_TRUE(end.ok() || end.error().code == Errc::kUnavailable);
}

TEST_F(NodeTest, SaysWhyItCannotPrepareItself) {
  open();
  unprepared_ = "data/x.xml: there is no such file";
  std::thread node = join("rollout", "r");
  node.join();
  ASSERT_FALSE(ends_["r"].ok());
  EXPECT_EQ(ends_["r"].error().message, unprepared_);
}

TEST_F(NodeTest, IsRefusedWithTheCoordinatorsReason) {
  open();
  std::thread node = join("cook", "r");
  node.join();
  ASSERT_FALSE(ends_["r"].ok());
  EXPECT_EQ(ends_["r"].error().message,
            "worker r may not join: there is no role 'cook'; it is rollout or learner");
}

TEST_F(NodeTest, EndsWhenTheCoordinatorIsGone) {
  open();
  std::thread node = join("rollout", "r");
  ASSERT_TRUE(ask<PolicyVersion>(cluster_->hire_rollout(*roster_, RolloutClient()), LoadAtom::value,
                                 share(fake_weights(1)), PolicyVersion{1})
                  .ok());
  close();
  node.join();
}

}  // namespace
}  // namespace nelumbo
