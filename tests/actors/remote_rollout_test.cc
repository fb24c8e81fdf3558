// SPDX-License-Identifier: Apache-2.0
#include "actors/remote_rollout.h"

#include <gtest/gtest.h>

#include "tests/support/remote_pairs.h"

namespace nelumbo {
namespace {

class RemoteRolloutTest : public RolloutPair {};

TEST_F(RemoteRolloutTest, WhatComesBackIsWhatTheEngineGaveWithItsPrompt) {
  start_remote();
  auto pending = (*self_)->request(remote_, std::chrono::seconds(30), LoadAtom::value,
                                   share(fake_weights(1)), PolicyVersion{4});
  start_node();  // comes later than the weights
  pending.receive([](PolicyVersion version) { EXPECT_EQ(version, PolicyVersion{4}); },
                  [](const caf::error& error) { FAIL() << caf::to_string(error); });
  const auto asked = request(3);
  (*self_)->send(remote_, LeaseAtom::value, ticket(3), asked);
  FakeEngine engine;
  engine.load(share(fake_weights(1)), PolicyVersion{4});
  ASSERT_TRUE(engine.submit(*asked).ok());
  const Group expected = std::move(engine.step().front());
  (*self_)->receive(
      [&](DeliverAtom, const LeaseTicket& got, const Shared<Group>& group) {
        EXPECT_EQ(got, ticket(3));
        EXPECT_EQ(group->prompt, asked->prompt) << "the very object";
        ASSERT_EQ(group->trajectories.size(), 2U);
        EXPECT_EQ(group->trajectories[1].tokens, expected.trajectories[1].tokens);
        EXPECT_EQ(group->trajectories[1].version, PolicyVersion{4});
      },
      caf::after(std::chrono::seconds(20)) >> [] { FAIL() << "nothing came back"; });
}

TEST_F(RemoteRolloutTest, PassesOnThatARequestCanNeverBeServed) {
  start_remote();
  start_node();
  ASSERT_TRUE(
      ask<PolicyVersion>(remote_, LoadAtom::value, share(fake_weights(1)), PolicyVersion{1}).ok());
  (*self_)->send(remote_, LeaseAtom::value, ticket(1), request(1, "endless"));
  (*self_)->receive(
      [&](RefuseAtom, const LeaseTicket& got, const std::string& why) {
        EXPECT_EQ(got, ticket(1));
        EXPECT_NE(why.find("longer than the model's positions"), std::string::npos) << why;
      },
      caf::after(std::chrono::seconds(20)) >> [] { FAIL() << "nobody refused"; });
}

TEST_F(RemoteRolloutTest, EndsWhenNoProcessComes) {
  limit_ = std::chrono::milliseconds(50);
  start_remote();
  EXPECT_EQ(end_of(remote_),
            "no rollout process came within placement.rollout_deadline: no answer before the "
            "deadline");
}

TEST_F(RemoteRolloutTest, EndsWhenItsProcessDoes) {
  start_remote();
  start_node();
  ASSERT_TRUE(
      ask<PolicyVersion>(remote_, LoadAtom::value, share(fake_weights(1)), PolicyVersion{1}).ok());
  caf::anon_send_exit(node_, caf::exit_reason::kill);
  EXPECT_NE(end_of(remote_).find("its process rollout-0#1 is gone"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo
