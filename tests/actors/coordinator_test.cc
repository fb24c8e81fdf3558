// SPDX-License-Identifier: Apache-2.0
#include "actors/coordinator.h"

#include <map>
#include <set>

#include "tests/support/coordinator_fixture.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST_F(CoordinatorTest, AnswersInTheOrderOfGroupsWhateverCameFirst) {
  start();
  ask_for(3);
  ASSERT_EQ(held_.size(), 3U);
  for (size_t i : {2, 0, 1})
    deliver(held_[i]);
  receive();
  ASSERT_TRUE(answers_);
  ASSERT_EQ(answers_->size(), 3U);
  for (size_t i = 0; i < 3; ++i)
    EXPECT_EQ(answers_->at(i).group->id, GroupId{i + 1});
}

TEST_F(CoordinatorTest, GivesBackWhatIsFedAsItComesWhileWeightsChange) {
  start();
  const auto feed = [this](uint64_t id) {
    AnswerJob job;
    job.requests.push_back({GroupId{id}, fake_prompt("p" + std::to_string(id)), 2, 0, {}});
    self_->send(lead_, FeedAtom::value, share(std::move(job)));
    scheduler_.run();
  };
  const auto take = [this] {
    self_->send(lead_, TakeAtom::value);
    scheduler_.run();
    receive();
  };
  take();
  ASSERT_TRUE(failure_) << "nothing was fed";
  failure_.reset();
  feed(1);
  feed(2);
  ASSERT_EQ(held_.size(), 2U);
  deliver(held_[1]);
  ASSERT_TRUE(
      ask<PolicyVersion>(lead_, PublishAtom::value, share(fake_weights(2)), PolicyVersion{2}).ok());
  feed(3);
  take();
  ASSERT_TRUE(answers_);
  ASSERT_EQ(answers_->size(), 1U);
  EXPECT_EQ(answers_->at(0).group->id, GroupId{2});
  answers_.reset();
  take();
  EXPECT_FALSE(answers_) << "nothing has come since";
  ask_for(1);
  receive();
  ASSERT_TRUE(failure_) << "what was fed is not taken";
  failure_.reset();
  deliver(held_[2]);
  receive();
  ASSERT_TRUE(answers_);
  EXPECT_EQ(answers_->at(0).group->id, GroupId{3});
  deliver(held_[0]);
  take();
  EXPECT_EQ(answers_->at(0).group->id, GroupId{1});
  ask_for(1);
  ASSERT_EQ(held_.size(), 4U) << "all was taken, and a job may come";
  EXPECT_FALSE(failure_);
}

TEST_F(CoordinatorTest, RefusesWeightsInTheMiddleOfAJob) {
  start();
  ask_for(1);
  EXPECT_FALSE(
      ask<PolicyVersion>(lead_, PublishAtom::value, share(fake_weights(2)), PolicyVersion{2}).ok());
}

TEST_F(CoordinatorTest, ReissuesALeaseThatMissedItsDeadlineAndFencesTheLateResult) {
  start();
  ask_for(1);
  ASSERT_EQ(held_.size(), 1U);
  pass(std::chrono::seconds(9));
  EXPECT_EQ(held_.size(), 1U);
  pass(std::chrono::seconds(1));
  ASSERT_EQ(held_.size(), 2U);
  EXPECT_EQ(held_[1].first.attempt, 2);
  EXPECT_TRUE(stops_[0].stop_requested());
  deliver(held_[0]);
  receive();
  EXPECT_FALSE(answers_);
  deliver(held_[1]);
  receive();
  EXPECT_TRUE(answers_);
  const CrewCounts counts = ask<CrewCounts>(lead_, CountAtom::value).value();
  EXPECT_EQ(counts.restarts, 1);
  EXPECT_EQ(counts.fenced, 1);
  EXPECT_GE(counts.answering, 1);  // seconds of virtual time
  ASSERT_EQ(warnings_.size(), 1U);
  EXPECT_NE(warnings_[0].find("placement.rollout_deadline"), std::string::npos);
}

TEST_F(CoordinatorTest, HasOthersAnswerWhatASlowRolloutActorHolds) {
  setup_.placement.rollout_deadline = 1000;
  start();
  ask_for(8);
  for (size_t i = 0; i < 8; ++i) {
    pass(std::chrono::milliseconds(100));
    deliver(held_[i]);
  }
  receive();
  answers_ = nullptr;
  ask_for(2);
  deliver(held_[8]);
  pass(std::chrono::milliseconds(1500));
  EXPECT_EQ(held_.size(), 10U) << "the third of eight took 0.3 s, and six times that is more";
  pass(std::chrono::milliseconds(500));
  ASSERT_EQ(held_.size(), 11U);
  EXPECT_EQ(held_[10].second->id, held_[9].second->id);
  EXPECT_NE(held_[10].first.session, held_[9].first.session);
  ASSERT_EQ(warnings_.size(), 1U);
  EXPECT_NE(warnings_[0].find("is slow"), std::string::npos) << warnings_[0];
  deliver(held_[10]);
  receive();
  ASSERT_TRUE(answers_) << "whoever is first";
  deliver(held_[9]);
  const auto counts = ask<CrewCounts>(lead_, CountAtom::value).value();
  EXPECT_EQ(counts.fenced, 1);
  EXPECT_EQ(counts.restarts, 0);
}

TEST_F(CoordinatorTest, SaysWhoWaitedForWhomWhenTheBudgetIsSpent) {
  start();
  ask_for(1);
  pass(std::chrono::seconds(10));
  pass(std::chrono::seconds(10));
  receive();
  ASSERT_TRUE(failure_.has_value());
  EXPECT_EQ(failure_->code, Errc::kUnavailable);
  EXPECT_NE(failure_->message.find("the coordinator waited for a group"), std::string::npos)
      << failure_->message;
}

TEST_F(CoordinatorTest, ServesNothingOnceTheBudgetIsSpent) {
  start();
  ask_for(1);
  pass(std::chrono::seconds(10));
  pass(std::chrono::seconds(10));
  receive();
  failure_.reset();
  ask_for(1);
  receive();
  EXPECT_TRUE(failure_.has_value());
}

TEST_F(CoordinatorTest, FailsTheJobThatNobodyCanServe) {
  start();
  ask_for(2);
  self_->send(lead_, RefuseAtom::value, held_[0].first, std::string("prompt p1: too long"));
  scheduler_.run();
  receive();
  ASSERT_TRUE(failure_.has_value());
  EXPECT_EQ(failure_->code, Errc::kBadData);
  EXPECT_EQ(failure_->message, "prompt p1: too long");
}

TEST_F(CoordinatorTest, AnswersNothingAskedWithNothing) {
  start();
  ask_for(0);
  receive();
  ASSERT_TRUE(answers_);
  EXPECT_TRUE(answers_->empty());
}

TEST_F(CoordinatorTest, InterruptsItsRolloutActorsBeforeItEnds) {
  start();
  ask_for(2);
  ASSERT_TRUE(ask<void>(lead_, StopAtom::value).ok());
  for (const std::stop_source& stop : stops_)
    EXPECT_TRUE(stop.stop_requested());
  EXPECT_FALSE(ask<CrewCounts>(lead_, CountAtom::value).ok());
  lead_ = nullptr;
}

TEST_F(CoordinatorTest, GrowsByProcessesThatNobodyWaitsForUpToItsMost) {
  setup_.placement.most_rollouts = 3;
  start();
  EXPECT_EQ(stops_.size(), 2U);
  for (int i = 0; i < 3; ++i)
    self_->send(lead_, SpareAtom::value);
  scheduler_.run();
  ASSERT_EQ(stops_.size(), 3U);
  ask_for(3);
  std::set<Session> holders;
  for (const auto& [ticket, request] : held_)
    holders.insert(ticket.session);
  EXPECT_EQ(holders.size(), 3U) << "the third works, too";
}

TEST_F(CoordinatorTest, DoesNotGrowUnlessItMay) {
  start();
  self_->send(lead_, SpareAtom::value);
  scheduler_.run();
  EXPECT_EQ(stops_.size(), 2U);
}

TEST_F(CoordinatorTest, OneThatJoinedBesidesLeavesWithoutARestart) {
  setup_.placement.most_rollouts = 3;
  setup_.placement.restarts = 0;
  start();
  self_->send(lead_, SpareAtom::value);
  scheduler_.run();
  ask_for(3);
  pass(std::chrono::seconds(11));  // all are overdue; one of the three is not replaced
  ASSERT_FALSE(warnings_.empty());
  EXPECT_NE(warnings_[0].find(" has left: "), std::string::npos) << warnings_[0];
  EXPECT_NE(warnings_[1].find(" is replaced: "), std::string::npos) << warnings_[1];
}

/// A process holds three groups and crashes over one of them, then over that one alone.
TEST_F(CoordinatorTest, AnswersAPromptNoMoreThatTwoProcessesCrashedOver) {
  const TemporaryFolder folder;
  setup_.crashes = std::make_shared<CrashBook>(folder.path());
  setup_.placement.rollouts = 1;
  setup_.placement.restarts = 5;
  start();
  ask_for(3);
  ASSERT_EQ(held_.size(), 3U);
  pass(std::chrono::seconds(10));  // it ended
  (void)setup_.crashes->charge({"p1", "p2", "p3"}, "rollout-0");
  pass(LeaseBook::kVerdict);
  ASSERT_EQ(held_.size(), 4U) << "one alone";
  EXPECT_EQ(held_[3].second->prompt->id, "p1");
  deliver(held_[3]);
  EXPECT_FALSE(setup_.crashes->suspects("p1")) << "it went well";
  ASSERT_EQ(held_.size(), 5U);
  EXPECT_EQ(held_[4].second->prompt->id, "p2");
  pass(std::chrono::seconds(10));
  (void)setup_.crashes->charge({"p2"}, "rollout-0");
  pass(LeaseBook::kVerdict);
  ASSERT_EQ(held_.size(), 6U);
  deliver(held_[5]);
  receive();
  ASSERT_TRUE(answers_);
  ASSERT_EQ(answers_->size(), 3U);
  const ScoredGroup& none = answers_->at(1);
  EXPECT_EQ(none.group->prompt->id, "p2");
  ASSERT_EQ(none.outcomes.size(), 2U);
  EXPECT_EQ(none.outcomes[0].kind, Outcome::Kind::kInvalid);
  EXPECT_NE(none.outcomes[0].reason.find("quarantine"), std::string::npos);
  EXPECT_EQ(answers_->at(2).outcomes[0].kind, Outcome::Kind::kScore);
}

TEST_F(CoordinatorTest, SaysWhatEverybodyDoes) {
  start();
  ask_for(3);
  const auto rows = *ask<Shared<std::vector<Activity>>>(lead_, WhoAtom::value).value();
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].who, "coordinator");
  EXPECT_TRUE(rows[0].waits);
  EXPECT_EQ(rows[0].what, "3 of 3 groups");
  EXPECT_EQ(rows[0].version, 1U);
  EXPECT_EQ(rows[1].what, "answers");
  EXPECT_FALSE(rows[1].waits);
  EXPECT_EQ(*rows[1].queue + *rows[2].queue, 3);
  EXPECT_EQ(rows[3].who, "reward actors (1)");
  EXPECT_TRUE(rows[3].waits);
}

}  // namespace
}  // namespace nelumbo
