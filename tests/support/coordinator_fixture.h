// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "actors/coordinator.h"
#include "actors/reward_actor.h"
#include "tests/support/actor_fixture.h"
#include "tests/support/fake_policy.h"

namespace nelumbo {

/// What a job is answered with.
using Answers = Shared<std::vector<ScoredGroup>>;

/// What the rollout actors of a test hold; the test decides when they deliver.
using Held = std::vector<std::pair<LeaseTicket, Shared<GroupRequest>>>;

inline RolloutActor::behavior_type holding_rollout(RolloutActor::pointer, Held* held) {
  return {
      [](LoadAtom, const Shared<WeightSet>&, PolicyVersion version) { return version; },
      [held](LeaseAtom, const LeaseTicket& ticket, const Shared<GroupRequest>& request) {
        held->emplace_back(ticket, request);
      },
      [](StepAtom) {},
  };
}

/// A coordinator in virtual time whose rollout actors only hold what they are leased.
class CoordinatorTest : public ActorFixture {
 protected:
  CoordinatorTest() {
    setup_.placement.rollouts = 2;
    setup_.placement.restarts = 1;
    setup_.placement.rollout_deadline = 10;
    setup_.placement.reward_deadline = 5;
    setup_.slots = 100;
    setup_.hire_rollout = [this](const CoordinatorActor&) {
      HiredRollout hired;
      hired.actor = system_.spawn(holding_rollout, &held_);
      stops_.push_back(hired.stop);
      return hired;
    };
    setup_.hire_reward = [this] {
      return system_.spawn(reward_actor, std::make_shared<const FakeReward>());
    };
    setup_.warn = [this](const std::string& sentence) { warnings_.push_back(sentence); };
  }

  void start() {
    lead_ = system_.spawn(coordinator, setup_);
    ASSERT_TRUE(
        ask<PolicyVersion>(lead_, PublishAtom::value, share(fake_weights(1)), PolicyVersion{1})
            .ok());
  }
  void TearDown() override {
    if (lead_)
      (void)ask<void>(lead_, StopAtom::value);
    lead_ = nullptr;
  }

  /// Asks for groups 1 to n; the answer comes to `answers_` or `failure_`.
  void ask_for(uint64_t n) {
    AnswerJob job;
    for (uint64_t id = 1; id <= n; ++id)
      job.requests.push_back({GroupId{id}, fake_prompt("p" + std::to_string(id)), 2, 0, {}});
    self_->send(lead_, AnswerAtom::value, share(std::move(job)));
    scheduler_.run();
  }
  void deliver(const std::pair<LeaseTicket, Shared<GroupRequest>>& lease) {
    auto group = std::make_shared<Group>(*fake_scored(1, {0.5, 0.5}).group);
    group->id = lease.second->id;
    group->prompt = lease.second->prompt;
    self_->send(lead_, DeliverAtom::value, lease.first, Shared<Group>(group));
    scheduler_.run();
  }
  void pass(std::chrono::milliseconds time) {
    scheduler_.advance_time(time);
    scheduler_.run();
  }
  /// What the coordinator has answered so far.
  void receive() {
    while (self_->has_next_message())
      self_->receive([this](const Answers& answers) { answers_ = answers; },
                     [this](const caf::error& error) { failure_ = from_caf_error(error, "test"); });
  }

  CoordinatorSetup setup_;
  CoordinatorActor lead_;
  Held held_;
  std::vector<std::stop_source> stops_;
  std::vector<std::string> warnings_;
  Answers answers_;
  std::optional<Error> failure_;
};

}  // namespace nelumbo
