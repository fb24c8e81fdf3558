// SPDX-License-Identifier: Apache-2.0
#include "actors/door.h"

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>
#include <gtest/gtest.h>

#include "tests/support/actor_fixture.h"

namespace nelumbo {
namespace {

/// Who wants a process, and what it was given.
struct HirerState {
  std::optional<HiredNode> node;
  std::string refused;
};
using Hirer = caf::stateful_actor<HirerState>;

caf::behavior hirer(Hirer* self, const DoorActor& door) {
  self->request(door, std::chrono::minutes(10), HireAtom::value, std::string("rollout"))
      .then([self](const HiredNode& node) { self->state.node = node; },
            [self](const caf::error& error) {
              self->state.refused = from_caf_error(error, "the test").message;
            });
  return {[](int) {}};
}

caf::behavior idle(caf::event_based_actor*) {
  return {[](int) {}};
}

class DoorTest : public ActorFixture {
 protected:
  DoorTest() {
    DoorSetup setup;
    setup.welcome.config = "run: {}";
    setup.lease = std::chrono::seconds(10);
    setup.inputs = {{{"data", "d"}}};
    setup.challenge = "sign this";
    setup.check_proof = [](const JoinRequest& request) -> Result<void> {
      if (request.signature == "forged")
        return Error{Errc::kInvalidConfig, "a stranger"};
      return {};
    };
    setup.end_process = [this](const std::string& worker) { ended_.push_back(worker); };
    setup.warn = [this](const std::string& text) { warnings_.push_back(text); };
    door_ = system_.spawn(door, std::move(setup));
  }
  ~DoorTest() override {
    for (const caf::actor& actor : actors_)
      caf::anon_send_exit(actor, caf::exit_reason::kill);
    caf::anon_send(door_, StopAtom::value);
    door_ = nullptr;
    scheduler_.run();
  }

  caf::actor keep(caf::actor actor) {
    actors_.push_back(actor);
    scheduler_.run();
    return actor;
  }
  caf::actor hire() { return keep(system_.spawn(hirer, door_)); }
  static const HirerState& state(const caf::actor& actor) {
    return caf::actor_cast<Hirer*>(actor)->state;
  }
  Welcome join(const std::string& worker) {
    return ask<Welcome>(door_, JoinAtom::value, JoinRequest{worker, "rollout", kNodeProtocol})
        .value();
  }
  bool ready(const Welcome& welcome, const caf::actor& node) {
    return ask<bool>(door_, ReadyAtom::value, welcome.session, inputs_, node).value();
  }

  WorkInputs inputs_{{{"data", "d"}}};
  DoorActor door_;
  std::vector<caf::actor> actors_;
  std::vector<std::string> ended_, warnings_;
};

TEST_F(DoorTest, GivesWhoWaitsTheNextProcessThatIsReady) {
  const caf::actor first = hire(), second = hire();
  const Welcome welcome = join("a");
  EXPECT_EQ(welcome.config, "run: {}");
  EXPECT_EQ(welcome.peer, "a#1");
  EXPECT_FALSE(state(first).node.has_value());
  EXPECT_TRUE(ready(welcome, keep(system_.spawn(idle))));
  ASSERT_TRUE(state(first).node.has_value());
  EXPECT_EQ(state(first).node->peer, "a#1");
  EXPECT_FALSE(state(second).node.has_value());
}

TEST_F(DoorTest, TellsWhoWaitsThatAProcessEnded) {
  const caf::actor waiting = hire();
  caf::anon_send(door_, LostAtom::value, std::string("rollout"), std::string("a"),
                 std::string("exit code 3"));
  scheduler_.run();
  EXPECT_EQ(state(waiting).refused, "worker a ended: exit code 3");
}

TEST_F(DoorTest, SendsAProcessHomeWhenItsHirerEnds) {
  const caf::actor hiring = hire();
  const Welcome welcome = join("a");
  const caf::actor node = keep(system_.spawn(idle));
  ASSERT_TRUE(ready(welcome, node));
  caf::anon_send_exit(hiring, caf::exit_reason::user_shutdown);
  scheduler_.run();
  EXPECT_EQ(ended_, std::vector<std::string>{"a"});
  EXPECT_FALSE(ask<bool>(door_, BeatAtom::value, welcome.session).value());
  const caf::actor next = hire();
  caf::anon_send(door_, LostAtom::value, std::string("rollout"), std::string("a"),
                 std::string("exit code 0"));
  scheduler_.run();
  EXPECT_EQ(state(next).refused, "") << "it was a member, and its hirer knows";
  EXPECT_EQ(warnings_, std::vector<std::string>{"worker a ended: exit code 0"});
}

TEST_F(DoorTest, AProcessThatSaysNothingIsOut) {
  const Welcome welcome = join("a");
  ASSERT_TRUE(ready(welcome, keep(system_.spawn(idle))));
  scheduler_.advance_time(std::chrono::seconds(8));
  scheduler_.run();
  EXPECT_TRUE(ask<bool>(door_, BeatAtom::value, welcome.session).value());
  int64_t tenths = 0;
  for (; warnings_.empty() && tenths < 200; ++tenths) {
    scheduler_.advance_time(std::chrono::milliseconds(100));
    scheduler_.run();
  }
  EXPECT_GE(tenths, 100);
  EXPECT_LE(tenths, 106) << "a look each half second";
  EXPECT_FALSE(ask<bool>(door_, BeatAtom::value, welcome.session).value());
  ASSERT_EQ(warnings_.size(), 1U);
  EXPECT_EQ(warnings_[0], "worker a is out: nothing was heard of it for 10 s (placement.lease)");
  EXPECT_EQ(ended_, std::vector<std::string>{"a"});
}

TEST_F(DoorTest, TellsWhatToSignAndRefusesWhoSignedSomethingElse) {
  EXPECT_EQ(ask<std::string>(door_, HelloAtom::value).value(), "sign this");
  JoinRequest request{"a", "rollout", kNodeProtocol};
  request.signature = "forged";
  const auto refused = ask<Welcome>(door_, JoinAtom::value, request);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message, "a stranger");
}

TEST_F(DoorTest, RefusesWhoHasReadOtherDataAndFreesItsName) {
  const Welcome welcome = join("a");
  const caf::actor waiting = hire();
  inputs_.values["data"] = "other";
  const auto answer =
      ask<bool>(door_, ReadyAtom::value, welcome.session, inputs_, keep(system_.spawn(idle)));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().message,
            "worker a may not work: it has another data than the coordinator; give both machines "
            "the same files and program");
  EXPECT_EQ(warnings_.size(), 1U);
  EXPECT_FALSE(state(waiting).node.has_value());
  join("a");
}

TEST_F(DoorTest, TellsOfProcessesThatNobodyWaitsFor) {
  ASSERT_TRUE(ready(join("a"), keep(system_.spawn(idle))));
  int told = 0;
  caf::anon_send(door_, SpareAtom::value, OnSpare{[&told] { ++told; }});
  scheduler_.run();
  EXPECT_EQ(told, 1) << "the one that was there before";
  ASSERT_TRUE(ready(join("b"), keep(system_.spawn(idle))));
  EXPECT_EQ(told, 2);
  const caf::actor first = hire(), second = hire(), third = hire();
  ASSERT_TRUE(ready(join("c"), keep(system_.spawn(idle))));
  EXPECT_EQ(told, 2) << "somebody waited for it";
}

TEST_F(DoorTest, SaysWhatItsProcessesDo) {
  const Welcome a = join("a");
  join("b");
  ASSERT_TRUE(ready(a, keep(system_.spawn(idle))));
  scheduler_.advance_time(std::chrono::seconds(2));
  const auto rows = *ask<Shared<std::vector<Activity>>>(door_, WhoAtom::value).value();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].who, "process a");
  EXPECT_TRUE(rows[0].waits);
  EXPECT_EQ(rows[0].what, "to be needed (rollout)");
  EXPECT_NEAR(rows[0].seconds, 2, 0.5);
  EXPECT_EQ(rows[1].what, "reads its data (rollout)");
}

TEST_F(DoorTest, RefusesAnotherProtocolWithACause) {
  const auto refused =
      ask<Welcome>(door_, JoinAtom::value, JoinRequest{"a", "rollout", kNodeProtocol + 1});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Errc::kInvalidConfig);
}

}  // namespace
}  // namespace nelumbo
