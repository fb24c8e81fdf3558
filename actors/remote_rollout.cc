// SPDX-License-Identifier: Apache-2.0
#include "actors/remote_rollout.h"

#include <utility>

namespace nelumbo {

void RemoteRolloutState::start(Self self, RolloutClient client, RemoteRolloutSetup setup) {
  self_ = self;
  client_ = std::move(client);
  setup_ = std::move(setup);
  self_->request(setup_.door, setup_.deadline, HireAtom::value, std::string("rollout"))
      .then([this](const HiredNode& node) { hired(node); },
            [this](const caf::error& error) {
              self_->quit(to_caf_error(from_caf_error(
                  error, "no rollout process came within placement.rollout_deadline")));
            });
}

void RemoteRolloutState::hired(const HiredNode& node) {
  node_ = node;
  actor_ = caf::actor_cast<RolloutNode>(node.actor);
  self_->monitor(node.actor);
  for (auto& work : std::exchange(before_, {}))
    work();
}

caf::result<PolicyVersion> RemoteRolloutState::load(const Shared<WeightSet>& weights,
                                                    PolicyVersion version) {
  auto promise = self_->make_response_promise<PolicyVersion>();
  auto work = [this, weights, version, promise]() mutable {
    self_
        ->request(actor_, setup_.deadline, LoadAtom::value, version,
                  setup_.weights->offer(weights, version))
        .then([promise](PolicyVersion loaded) mutable { promise.deliver(loaded); },
              [promise](const caf::error& error) mutable { promise.deliver(error); });
  };
  if (node_)
    work();
  else
    before_.emplace_back(work);
  return promise;
}

void RemoteRolloutState::lease(const LeaseTicket& ticket, const Shared<GroupRequest>& request) {
  const BulkRef bytes = setup_.channel->offer(share(to_wire(*request)));
  leased_[ticket.number] = {request, bytes};
  self_->send(actor_, LeaseAtom::value, ticket, bytes,
              caf::actor_cast<RolloutDesk>(self_->address()));
}

void RemoteRolloutState::deliver(const LeaseTicket& ticket, const BulkRef& ref) {
  auto leased = leased_.extract(ticket.number);
  if (leased.empty())
    return;
  setup_.channel->withdraw(leased.mapped().bytes);
  inbox_.fetch(*setup_.channel, node_->peer, ref, RemoteRolloutBody(self_),
               [this, ticket, ref, request = leased.mapped().request](const Fetched& fetched) {
                 auto group = value_of<Group>(fetched);
                 if (!group)
                   return self_->quit(to_caf_error(group.error()));
                 group.value().prompt = request->prompt;
                 self_->send(client_, DeliverAtom::value, ticket, share(std::move(group).value()));
                 self_->send(actor_, FreeAtom::value, ref);
               });
}

void RemoteRolloutState::refuse(const LeaseTicket& ticket, const std::string& why) {
  if (auto leased = leased_.extract(ticket.number); !leased.empty())
    setup_.channel->withdraw(leased.mapped().bytes);
  self_->send(client_, RefuseAtom::value, ticket, why);
}

void RemoteRolloutState::down(const caf::down_msg& message) {
  if (node_ && node_->actor.address() == message.source)
    self_->quit(
        to_caf_error(from_caf_error(message.reason, "its process " + node_->peer + " is gone")));
}

RemoteRolloutState::~RemoteRolloutState() {
  for (const auto& [number, leased] : leased_)
    setup_.channel->withdraw(leased.bytes);
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): CAF hands over its own copies
RemoteRolloutBody::behavior_type remote_rollout(RemoteRolloutState::Self self, RolloutClient client,
                                                RemoteRolloutSetup setup) {
  self->set_exception_handler([](std::exception_ptr& e) { return error_of_exception(e); });
  RemoteRolloutState* state = &self->state;
  self->set_down_handler([state](const caf::down_msg& message) { state->down(message); });
  state->start(self, std::move(client), std::move(setup));
  return {
      [state](LoadAtom, const Shared<WeightSet>& weights, PolicyVersion version) {
        return state->load(weights, version);
      },
      [state](LeaseAtom, const LeaseTicket& ticket, const Shared<GroupRequest>& request) {
        state->lease(ticket, request);
      },
      [](StepAtom) {},  // the other process steps by itself
      [state](DeliverAtom, const LeaseTicket& ticket, const BulkRef& ref) {
        state->deliver(ticket, ref);
      },
      [state](RefuseAtom, const LeaseTicket& ticket, const std::string& why) {
        state->refuse(ticket, why);
      },
      [state](FetchedAtom, uint64_t id, const Shared<Fetched>& fetched) {
        state->arrived(id, *fetched);
      },
  };
}

}  // namespace nelumbo
