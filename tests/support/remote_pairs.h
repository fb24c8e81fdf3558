// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <caf/typed_event_based_actor.hpp>

#include "actors/learner_node.h"
#include "actors/remote_learner.h"
#include "actors/remote_rollout.h"
#include "actors/rollout_node.h"
#include "tests/support/fake_policy.h"
#include "tests/support/node_pair.h"

namespace nelumbo {

/// A rollout process and the actor that speaks for it; what is delivered comes to `self_`.
class RolloutPair : public NodePair {
 protected:
  ~RolloutPair() override {
    caf::anon_send_exit(remote_, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(node_, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(client_, caf::exit_reason::user_shutdown);
    remote_ = nullptr;
    node_ = nullptr;
    client_ = nullptr;
    weights_.reset();
  }

  void start_remote() {
    const caf::actor test = caf::actor_cast<caf::actor>(*self_);
    client_ = system_->spawn([test](RolloutClient::pointer self) -> RolloutClient::behavior_type {
      return {[self, test](DeliverAtom, const LeaseTicket& ticket, const Shared<Group>& group) {
                self->anon_send(test, DeliverAtom::value, ticket, group);
              },
              [self, test](RefuseAtom, const LeaseTicket& ticket, const std::string& why) {
                self->anon_send(test, RefuseAtom::value, ticket, why);
              }};
    });
    weights_ = std::make_shared<WeightsOnOffer>(*here_, true);
    remote_ = system_->spawn(remote_rollout, client_,
                             RemoteRolloutSetup{door_, here_.get(), weights_, limit_});
  }
  void start_node(FaultConfig fault = {}) {
    const Welcome welcome = join("rollout-0", "rollout");
    node_ = system_->spawn(
        rollout_node,
        RolloutNodeSetup{there_.get(),
                         {[] { return std::make_unique<FakeEngine>(); }, fault, hang, {}},
                         std::chrono::seconds(20)});
    ready(welcome, caf::actor_cast<caf::actor>(node_));
  }
  static LeaseTicket ticket(uint64_t group) {
    return {Session{1}, GroupId{group}, 1, int64_t(group)};
  }
  static Shared<GroupRequest> request(uint64_t id, const std::string& prompt = "p") {
    GroupRequest request;
    request.id = GroupId{id};
    request.prompt = fake_prompt(prompt);
    request.samples = 2;
    return share(std::move(request));
  }

  std::chrono::nanoseconds limit_ = std::chrono::seconds(20);
  RolloutClient client_;
  std::shared_ptr<WeightsOnOffer> weights_;
  RemoteRolloutBody remote_;
  RolloutNodeBody node_;
};

/// A learner process and the actor that speaks for it.
class LearnerPair : public NodePair {
 protected:
  ~LearnerPair() override {
    caf::anon_send_exit(remote_, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(node_, caf::exit_reason::user_shutdown);
    remote_ = nullptr;
    node_ = nullptr;
    offers_.reset();
  }

  void start_remote() {
    offers_ = std::make_shared<SharedOffers>(*here_);
    remote_ = system_->spawn(
        remote_learner,
        RemoteLearnerSetup{door_, here_.get(), offers_, {0, 1, "replicated", "", "gloo"}, limit_});
  }
  void start_node(std::function<std::unique_ptr<Learner>(LearnerRanks)> make = [](LearnerRanks) {
    return std::make_unique<FakeLearner>();
  }) {
    const Welcome welcome = join("learner-0", "learner");
    node_ = system_->spawn(
        learner_node,
        LearnerNodeSetup{there_.get(), std::move(make), std::chrono::seconds(20), {}});
    ready(welcome, caf::actor_cast<caf::actor>(node_));
  }

  std::chrono::nanoseconds limit_ = std::chrono::seconds(20);
  std::shared_ptr<SharedOffers> offers_;
  RemoteLearnerBody remote_;
  LearnerNodeBody node_;
};

}  // namespace nelumbo
