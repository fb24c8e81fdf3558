// SPDX-License-Identifier: Apache-2.0
#include "actors/reward_actor.h"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include "tests/support/actor_fixture.h"
#include "tests/support/fake_policy.h"

namespace nelumbo {
namespace {

/// Loses an outcome.
class ForgetfulReward : public FakeReward {
 public:
  std::vector<Outcome> score(const Group& group) const override {
    auto outcomes = FakeReward::score(group);
    outcomes.pop_back();
    return outcomes;
  }
};

class RewardActorTest : public ActorFixture {
 protected:
  Shared<Group> group_ = fake_scored(1, {0.5, 0.25}).group;
};

TEST_F(RewardActorTest, RepliesOneOutcomeForEachTrajectory) {
  auto reward = system_.spawn(reward_actor, std::make_shared<const FakeReward>());
  const auto scored = ask<Shared<ScoredGroup>>(reward, ScoreAtom::value, group_);
  ASSERT_TRUE(scored.ok());
  EXPECT_EQ(scored.value()->group, group_);
  EXPECT_EQ(scored.value()->outcomes.size(), 2U);
  EXPECT_EQ(scored.value()->spec_hash, "fake");
  caf::anon_send_exit(reward, caf::exit_reason::user_shutdown);
}

TEST_F(RewardActorTest, NamesThePromptWhoseOutcomesAreMissing) {
  const auto scored = score_group(ForgetfulReward(), group_);
  ASSERT_FALSE(scored.ok());
  EXPECT_NE(scored.error().message.find("prompt p1: 1 outcomes for 2 trajectories"),
            std::string::npos);
}

TEST_F(RewardActorTest, GivesNoScoreToAGroupThatCouldNotBeScored) {
  const ScoredGroup failed = unscored(group_, Outcome::Kind::kTimeout, "judge is silent");
  ASSERT_EQ(failed.outcomes.size(), 2U);
  EXPECT_EQ(failed.outcomes[1].kind, Outcome::Kind::kTimeout);
  EXPECT_EQ(failed.outcomes[1].reason, "judge is silent");
  EXPECT_EQ(failed.spec_hash, "");
}

}  // namespace
}  // namespace nelumbo
