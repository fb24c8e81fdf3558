// SPDX-License-Identifier: Apache-2.0
#include "actors/reward_actor.h"

#include <csignal>
#include <cstdlib>

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include "base/crash_note.h"
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

TEST_F(RewardActorTest, GivesOutcomesToAGroupThatNobodyAnswers) {
  GroupRequest request;
  request.id = GroupId{9};
  request.prompt = fake_prompt("p");
  request.samples = 2;
  const ScoredGroup none = unanswered(request, PolicyVersion{4}, "in quarantine");
  EXPECT_EQ(none.group->id, GroupId{9});
  ASSERT_EQ(none.group->trajectories.size(), 2U);
  EXPECT_EQ(none.group->trajectories[1].sample, 1);
  EXPECT_EQ(none.group->trajectories[1].version, PolicyVersion{4});
  EXPECT_EQ(none.outcomes[1].kind, Outcome::Kind::kInvalid);
}

TEST_F(RewardActorTest, TellsWhatItScoredWhenItCrashes) {
  class Crashing : public FakeReward {
    std::vector<Outcome> score(const Group&) const override { std::abort(); }
  };
  const auto story = [this] {
    std::signal(SIGABRT, SIG_DFL);
    tell_crash_notes();
    (void)score_group(Crashing(), group_);
  };
  EXPECT_EXIT(story(), testing::KilledBySignal(SIGABRT), "crashed over prompt: p1");
}

}  // namespace
}  // namespace nelumbo
