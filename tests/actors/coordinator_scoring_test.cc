// SPDX-License-Identifier: Apache-2.0
// The half of actors/coordinator.h that has groups scored.
#include "tests/support/coordinator_fixture.h"

namespace nelumbo {
namespace {

class CoordinatorScoring : public CoordinatorTest {
 protected:
  /// The first `n` reward actors behave so, and those that replace them well.
  template <class Behavior>
  void first_is(Behavior behavior, int64_t n = 1) {
    setup_.hire_reward = [this, behavior, n] {
      return ++hired_ <= n ? system_.spawn(behavior)
                           : system_.spawn(reward_actor, std::make_shared<const FakeReward>());
    };
  }

  int64_t hired_ = 0;
};

/// A reward actor that never answers.
RewardActor::behavior_type silent_reward(RewardActor::pointer self) {
  return {[self](ScoreAtom, const Shared<Group>&) -> caf::result<Shared<ScoredGroup>> {
    return self->make_response_promise<Shared<ScoredGroup>>();
  }};
}

TEST_F(CoordinatorScoring, TurnsASilentRewardActorIntoATimeoutAndReplacesIt) {
  first_is(silent_reward);
  start();
  ask_for(2);
  deliver(held_[0]);
  pass(std::chrono::seconds(5));
  deliver(held_[1]);
  receive();
  ASSERT_TRUE(answers_);
  EXPECT_EQ(answers_->at(0).outcomes.at(0).kind, Outcome::Kind::kTimeout);
  EXPECT_EQ(answers_->at(1).outcomes.at(0).kind, Outcome::Kind::kScore);
}

TEST_F(CoordinatorScoring, CountsNoGroupsQueueAgainstItsDeadline) {
  first_is(silent_reward);
  start();
  ask_for(3);
  for (size_t i = 0; i < 3; ++i)
    deliver(held_[i]);  // two of them wait until the first is given up
  pass(std::chrono::seconds(5));
  receive();
  ASSERT_TRUE(answers_);
  EXPECT_EQ(answers_->at(0).outcomes.at(0).kind, Outcome::Kind::kTimeout);
  EXPECT_EQ(answers_->at(1).outcomes.at(0).kind, Outcome::Kind::kScore);
  EXPECT_EQ(answers_->at(2).outcomes.at(0).kind, Outcome::Kind::kScore);
  EXPECT_EQ(hired_, 2);
}

/// A reward actor that cannot score anything.
RewardActor::behavior_type failing_reward(RewardActor::pointer) {
  return {[](ScoreAtom, const Shared<Group>&) -> caf::result<Shared<ScoredGroup>> {
    return to_caf_error({Errc::kUnavailable, "the judge is down"});
  }};
}

TEST_F(CoordinatorScoring, HasAGroupScoredAgainAsOftenAsItsSpecificationSays) {
  setup_.placement.restarts = 9;
  setup_.retries = [](const Prompt& prompt) { return prompt.id == "p1" ? 2 : 0; };
  first_is(failing_reward, 3);
  start();
  ask_for(2);
  deliver(held_[1]);
  deliver(held_[0]);
  receive();
  ASSERT_TRUE(answers_);
  // The first failure is that of p2, which is not tried again; p1 is scored at its third attempt.
  EXPECT_EQ(answers_->at(1).outcomes.at(0).kind, Outcome::Kind::kInfraError);
  EXPECT_TRUE(answers_->at(1).outcomes.at(0).reason.find("the judge is down") != std::string::npos);
  EXPECT_EQ(answers_->at(0).outcomes.at(0).kind, Outcome::Kind::kScore);
  EXPECT_EQ(hired_, 4);
}

}  // namespace
}  // namespace nelumbo
