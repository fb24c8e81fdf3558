// SPDX-License-Identifier: Apache-2.0
//
// What a whole stage makes of it stands in rl_stage_test.cc.
#include "actors/rl_turns.h"

#include <gtest/gtest.h>

#include "tests/support/direct_run.h"

namespace nelumbo {
namespace {

std::vector<uint64_t> ids(const std::vector<ScoredGroup>& groups) {
  std::vector<uint64_t> all;
  for (const ScoredGroup& group : groups)
    all.push_back(static_cast<uint64_t>(group.group->id));
  return all;
}

class RlTurnsTest : public ::testing::Test {
 protected:
  RlTurnsTest() {
    fakes_.open();
    run_.emplace(fakes_);
  }
  RunState& state() { return run_->context->state(); }

  FakeRun fakes_{{StageKind::kRl}};
  std::optional<DirectRun> run_;
};

TEST_F(RlTurnsTest, ABatchHasThePromptsOfItsStepInTheirOrder) {
  RlTurns turns(*run_->context);
  Metrics metrics;
  ASSERT_TRUE(turns.publish(metrics).ok());
  ASSERT_TRUE(turns.publish(metrics).ok());
  EXPECT_EQ(run_->crew->published.size(), 1U);
  const auto batch = turns.next(metrics);
  ASSERT_TRUE(batch.ok());
  EXPECT_EQ(ids(batch.value().kept),
            (std::vector<uint64_t>{1U << 24, (1U << 24) + 1, (1U << 24) + 2}));
  EXPECT_EQ(batch.value().all.size(), 3U);
  EXPECT_TRUE(metrics.contains("time/rollout"));
  ASSERT_TRUE(turns.keep().ok());
  EXPECT_TRUE(state().ahead.empty());
}

TEST_F(RlTurnsTest, AheadItKeepsTheNextBatchForACheckpoint) {
  fakes_.setup.rl.max_staleness = 1;
  RlTurns turns(*run_->context);
  Metrics metrics;
  ASSERT_TRUE(turns.publish(metrics).ok());
  const auto first = turns.next(metrics);
  ASSERT_TRUE(first.ok());
  ASSERT_TRUE(turns.keep().ok());
  EXPECT_FALSE(state().ahead.empty());
  ++state().stage_step;
  ++state().step;
  RlTurns resumed(*run_->context);
  ASSERT_TRUE(resumed.take_over().ok());
  EXPECT_TRUE(state().ahead.empty());
  const auto second = turns.next(metrics), again = resumed.next(metrics);
  ASSERT_TRUE(second.ok() && again.ok());
  EXPECT_EQ(ids(second.value().kept), ids(again.value().kept));
  EXPECT_EQ(ids(second.value().kept).front(), 2U << 24);
}

}  // namespace
}  // namespace nelumbo
