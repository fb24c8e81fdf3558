// SPDX-License-Identifier: Apache-2.0
#include "actors/rollout_actor.h"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include "tests/support/actor_fixture.h"
#include "tests/support/fake_policy.h"

namespace nelumbo {
namespace {

Shared<GroupRequest> request(uint64_t id, const std::string& prompt = "p") {
  GroupRequest request;
  request.id = GroupId{id};
  request.prompt = fake_prompt(prompt);
  request.samples = 2;
  return share(request);
}

class RolloutActorTest : public ActorFixture {
 protected:
  RolloutSetup setup() {
    RolloutSetup setup;
    setup.make_engine = [] { return std::make_unique<FakeEngine>(); };
    setup.stall = [](const std::stop_token&) {};
    setup.stop = stop_.get_token();
    return setup;
  }
  static LeaseTicket ticket(uint64_t group, int64_t number) {
    return {Session{1}, GroupId{group}, 1, number};
  }

  std::stop_source stop_;
  Shared<WeightSet> weights_ = share(fake_weights(1));
};

TEST_F(RolloutActorTest, AnswersEachLeaseWithItsTicket) {
  RolloutWork work(setup());
  ASSERT_TRUE(work.load(weights_, PolicyVersion{4}).ok());
  ASSERT_TRUE(work.lease(ticket(1, 1), request(1)).ok());
  ASSERT_TRUE(work.lease(ticket(2, 2), request(2)).ok());
  std::vector<Delivery> all;
  while (work.busy())
    for (Delivery& delivery : work.step())
      all.push_back(delivery);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].ticket, ticket(2, 2));
  EXPECT_EQ(all[1].group->trajectories.at(1).version, PolicyVersion{4});
}

TEST_F(RolloutActorTest, GoesOnWithWeightsThatComeInTheMiddleOfAGroup) {
  RolloutWork work(setup());
  ASSERT_TRUE(work.load(weights_, PolicyVersion{1}).ok());
  ASSERT_TRUE(work.lease(ticket(1, 1), request(1)).ok());
  ASSERT_TRUE(work.load(weights_, PolicyVersion{2}).ok());
  const std::vector<Delivery> done = work.step();
  ASSERT_EQ(done.size(), 1U);
  EXPECT_EQ(done[0].group->trajectories.at(0).version, PolicyVersion{2});
}

TEST_F(RolloutActorTest, SaysWhyARequestCanNeverBeServed) {
  RolloutWork work(setup());
  ASSERT_TRUE(work.load(weights_, PolicyVersion{1}).ok());
  const auto taken = work.lease(ticket(1, 1), request(1, "endless"));
  ASSERT_FALSE(taken.ok());
  EXPECT_FALSE(work.busy());
}

TEST_F(RolloutActorTest, ThrowsAtThePlantedLeaseOnly) {
  RolloutSetup faulty = setup();
  faulty.fault.throw_at_group = 2;
  RolloutWork work(faulty);
  ASSERT_TRUE(work.load(weights_, PolicyVersion{1}).ok());
  EXPECT_NO_THROW((void)work.lease(ticket(1, 1), request(1)));
  EXPECT_THROW((void)work.lease(ticket(2, 2), request(2)), std::runtime_error);
}

TEST_F(RolloutActorTest, FallsSilentAtThePlantedStall) {
  RolloutSetup faulty = setup();
  faulty.fault.stall_at_group = 1;
  RolloutWork work(faulty);
  ASSERT_TRUE(work.load(weights_, PolicyVersion{1}).ok());
  ASSERT_TRUE(work.lease(ticket(1, 1), request(1)).ok());
  EXPECT_FALSE(work.busy());
}

/// Stands for the coordinator: keeps what is delivered.
CoordinatorActor::behavior_type collector(CoordinatorActor::pointer,
                                          std::vector<GroupId>* delivered) {
  return {
      [](PublishAtom, const Shared<WeightSet>&, PolicyVersion version) { return version; },
      [](AnswerAtom, const Shared<AnswerJob>&) { return share(std::vector<ScoredGroup>()); },
      [](FeedAtom, const Shared<AnswerJob>&) {},
      [](TakeAtom) { return share(std::vector<ScoredGroup>()); },
      [delivered](DeliverAtom, const LeaseTicket& ticket, const Shared<Group>&) {
        delivered->push_back(ticket.group);
      },
      [](RefuseAtom, const LeaseTicket&, const std::string&) {},
      [](TickAtom) {},
      [](SpareAtom) {},
      [](RestAtom) {},
      [](CountAtom) { return CrewCounts(); },
      [](WhoAtom) { return share(std::vector<Activity>()); },
      [](StopAtom) {},
  };
}

TEST_F(RolloutActorTest, StepsUntilEverythingIsDeliveredAndEndsWhenToldTo) {
  std::vector<GroupId> delivered;
  auto lead = system_.spawn(collector, &delivered);
  auto rollout = system_.spawn(rollout_actor, lead, setup());
  ASSERT_EQ(ask<PolicyVersion>(rollout, LoadAtom::value, weights_, PolicyVersion{1}).value(),
            PolicyVersion{1});
  for (uint64_t id : {1, 2, 3})
    self_->send(rollout, LeaseAtom::value, ticket(id, static_cast<int64_t>(id)), request(id));
  scheduler_.run();
  EXPECT_EQ(delivered, (std::vector<GroupId>{GroupId{1}, GroupId{2}, GroupId{3}}));
  stop_.request_stop();
  self_->send(rollout, LeaseAtom::value, ticket(4, 4), request(4));
  scheduler_.run();
  EXPECT_EQ(delivered.size(), 3U);
  EXPECT_FALSE(ask<PolicyVersion>(rollout, LoadAtom::value, weights_, PolicyVersion{2}).ok());
  caf::anon_send_exit(lead, caf::exit_reason::user_shutdown);
}

}  // namespace
}  // namespace nelumbo
