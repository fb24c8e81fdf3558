// SPDX-License-Identifier: Apache-2.0
#include "actors/rollout_node.h"

#include <utility>

namespace nelumbo {

void RolloutNodeState::start(Self self, RolloutNodeSetup setup) {
  self_ = self;
  setup_ = std::move(setup);
  rollout_ = self_->spawn<caf::detached + caf::monitored>(rollout_actor, RolloutClient(self_),
                                                          setup_.rollout);
}

caf::result<PolicyVersion> RolloutNodeState::load(PolicyVersion version,
                                                  const OfferedWeights& offered) {
  const auto promise = self_->make_response_promise<PolicyVersion>();
  if (auto weights = weights_nearby(offered))
    give(std::move(*weights), version, promise);
  else
    inbox_.fetch(*setup_.channel, "", offered.ref, RolloutNodeBody(self_),
                 [this, version, promise](const Fetched& fetched) {
                   give(value_of<WeightSet>(fetched), version, promise);
                 });
  return promise;
}

void RolloutNodeState::give(Result<WeightSet> weights, PolicyVersion version, Loading promise) {
  if (!weights) {
    promise.deliver(to_caf_error(weights.error()));
    return;
  }
  self_
      ->request(rollout_, setup_.deadline, LoadAtom::value, share(std::move(weights).value()),
                version)
      .then([promise](PolicyVersion loaded) mutable { promise.deliver(loaded); },
            [promise](const caf::error& error) mutable { promise.deliver(error); });
}

void RolloutNodeState::lease(const LeaseTicket& ticket, const BulkRef& ref,
                             const RolloutDesk& desk) {
  desk_ = desk;
  inbox_.fetch(
      *setup_.channel, "", ref, RolloutNodeBody(self_), [this, ticket](const Fetched& fetched) {
        auto request = value_of<GroupRequest>(fetched);
        if (!request || !request.value().prompt)
          return self_->quit(to_caf_error(
              request ? Error{Errc::kBadData, "a request without a prompt"} : request.error()));
        self_->send(rollout_, LeaseAtom::value, ticket, share(std::move(request).value()));
      });
}

void RolloutNodeState::deliver(const LeaseTicket& ticket, const Shared<Group>& group) {
  self_->send(desk_, DeliverAtom::value, ticket, setup_.channel->offer(share(to_wire(*group))));
}

void RolloutNodeState::refuse(const LeaseTicket& ticket, const std::string& why) {
  self_->send(desk_, RefuseAtom::value, ticket, why);
}

RolloutNodeBody::behavior_type rollout_node(RolloutNodeState::Self self, RolloutNodeSetup setup) {
  self->set_exception_handler([](std::exception_ptr& e) { return error_of_exception(e); });
  // The rollout actor beside it has ended, which it does not do while it is well.
  self->set_down_handler([self](const caf::down_msg& message) { self->quit(message.reason); });
  RolloutNodeState* state = &self->state;
  state->start(self, std::move(setup));
  return {
      [state](LoadAtom, PolicyVersion version, const OfferedWeights& offered) {
        return state->load(version, offered);
      },
      [state](LeaseAtom, const LeaseTicket& ticket, const BulkRef& ref, const RolloutDesk& desk) {
        state->lease(ticket, ref, desk);
      },
      [state](FreeAtom, const BulkRef& ref) { state->free(ref); },
      [state](DeliverAtom, const LeaseTicket& ticket, const Shared<Group>& group) {
        state->deliver(ticket, group);
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
