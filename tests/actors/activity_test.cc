// SPDX-License-Identifier: Apache-2.0
#include "actors/activity.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(StageActivity, SaysWhatTheStageWaitsForAndThatTheLearnerWorksMeanwhile) {
  StageActivity stage;
  const auto later = StageActivity::Clock::now() + std::chrono::seconds(60);
  stage.publish(3);
  stage.show("rl", 7);
  {
    const StageActivity::Waiting waiting(stage, "a learner step", true);
    const auto rows = stage.rows(2, later);
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0].who, "stage rl, 7 steps behind it");
    EXPECT_TRUE(rows[0].waits);
    EXPECT_EQ(rows[0].what, "a learner step");
    EXPECT_EQ(rows[0].version, 3U);
    EXPECT_NEAR(rows[0].seconds, 60, 1);
    EXPECT_EQ(rows[2].who, "learner 1");
    EXPECT_FALSE(rows[2].waits);
    EXPECT_EQ(rows[2].what, "a learner step");
  }
  const auto rows = stage.rows(1, later);
  EXPECT_FALSE(rows[0].waits);
  EXPECT_EQ(rows[0].what, "prepares");
  EXPECT_TRUE(rows[1].waits);
  EXPECT_EQ(rows[1].what, "the stage");
}

TEST(StageActivity, KeepsTheLearnerWaitingWhileOthersAreAsked) {
  StageActivity stage;
  const StageActivity::Waiting waiting(stage, "answers");
  const auto rows = stage.rows(1, StageActivity::Clock::now());
  EXPECT_EQ(rows[0].who, "stage");
  EXPECT_EQ(rows[0].what, "answers");
  EXPECT_TRUE(rows[1].waits);
  EXPECT_FALSE(rows[0].version.has_value());
}

}  // namespace
}  // namespace nelumbo
