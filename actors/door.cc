// SPDX-License-Identifier: Apache-2.0
#include "actors/door.h"

#include <algorithm>
#include <utility>

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

namespace nelumbo {

void DoorState::start(Self self, DoorSetup setup) {
  self_ = self;
  setup_ = std::move(setup);
  members_.emplace(setup_.lease);
  self_->delayed_send(self_, setup_.lease / 4, TickAtom::value);
}

caf::result<Welcome> DoorState::join(const JoinRequest& request) {
  const auto session = members_->join(request, self_->clock().now());
  if (!session)
    return to_caf_error(session.error());
  Welcome welcome = setup_.welcome;
  welcome.session = session.value();
  welcome.peer = peer_of(session.value());
  joined_.insert(request.worker);
  return welcome;
}

bool DoorState::ready(NodeSession session, const caf::actor& node) {
  if (!members_->ready(session, self_->clock().now()))
    return false;
  nodes_[session] = node;
  self_->monitor(node);
  match();
  return true;
}

bool DoorState::beat(NodeSession session) {
  return members_->beat(session, self_->clock().now());
}

caf::result<HiredNode> DoorState::hire(const std::string& role) {
  const auto hirer = caf::actor_cast<caf::actor_addr>(self_->current_sender());
  self_->monitor(hirer);
  waiting_.push_back({role, hirer, self_->make_response_promise<HiredNode>()});
  const Hiring promise = waiting_.back().promise;
  match();
  return promise;
}

std::string DoorState::peer_of(NodeSession session) const {
  return members_->name_of(session) + "#" + std::to_string(static_cast<uint64_t>(session));
}

void DoorState::match() {
  for (auto waiting = waiting_.begin(); waiting != waiting_.end();) {
    const auto session = members_->hire(waiting->role);
    if (!session) {
      ++waiting;
      continue;
    }
    hirers_[*session] = waiting->hirer;
    waiting->promise.deliver(HiredNode{*session, peer_of(*session), nodes_.at(*session)});
    waiting = waiting_.erase(waiting);
  }
}

void DoorState::forget(NodeSession session) {
  members_->evict(session);
  hirers_.erase(session);
  if (const auto node = nodes_.extract(session); !node.empty())
    self_->demonitor(node.mapped());
}

void DoorState::send_home(NodeSession session) {
  const std::string worker = members_->name_of(session);
  if (const auto node = nodes_.find(session); node != nodes_.end())
    caf::anon_send_exit(node->second, caf::exit_reason::user_shutdown);
  setup_.end_process(worker);
  forget(session);
}

void DoorState::lost(const std::string& role, const std::string& worker, const std::string& cause) {
  setup_.warn("worker " + worker + " ended: " + cause);
  if (const auto session = members_->session_of(worker))
    forget(*session);
  if (joined_.erase(worker) > 0)
    return;  // whoever had hired it knows
  // One that never came: whoever waits is told, rather than that the next one ends as well.
  const auto waiting =
      std::ranges::find_if(waiting_, [&](const Waiting& who) { return who.role == role; });
  if (waiting == waiting_.end())
    return;
  waiting->promise.deliver(
      to_caf_error({Errc::kUnavailable, "worker " + worker + " ended: " + cause}));
  waiting_.erase(waiting);
}

void DoorState::tick() {
  for (const NodeSession session : members_->overdue(self_->clock().now())) {
    setup_.warn("worker " + members_->name_of(session) + " is out: nothing was heard of it for " +
                std::to_string(setup_.lease.count() / 1000) + " s (placement.lease)");
    send_home(session);
  }
  self_->delayed_send(self_, setup_.lease / 4, TickAtom::value);
}

/// A node's process, or an actor that hired one, has ended.
void DoorState::down(const caf::down_msg& message) {
  std::erase_if(waiting_, [&](const Waiting& who) { return who.hirer == message.source; });
  for (const auto& [session, node] : nodes_)
    if (node.address() == message.source)
      return forget(session);
  for (const auto& [session, hirer] : hirers_)
    if (hirer == message.source)
      return send_home(session);
}

void DoorState::stop() {
  for (const auto& [session, node] : nodes_)
    caf::anon_send_exit(node, caf::exit_reason::user_shutdown);
  self_->quit();
}

DoorActor::behavior_type door(DoorState::Self self, DoorSetup setup) {
  self->set_exception_handler([](std::exception_ptr& e) { return error_of_exception(e); });
  DoorState* state = &self->state;
  self->set_down_handler([state](const caf::down_msg& message) { state->down(message); });
  // The death of a process far away must not end the door.
  self->set_exit_handler([self](const caf::exit_msg& message) {
    if (message.source == self->address() || !message.source)
      self->quit(message.reason);
  });
  state->start(self, std::move(setup));
  return {
      [state](JoinAtom, const JoinRequest& request) { return state->join(request); },
      [state](ReadyAtom, NodeSession session, const caf::actor& node) {
        return state->ready(session, node);
      },
      [state](BeatAtom, NodeSession session) { return state->beat(session); },
      [state](HireAtom, const std::string& role) { return state->hire(role); },
      [state](LostAtom, const std::string& role, const std::string& worker,
              const std::string& cause) { state->lost(role, worker, cause); },
      [state](TickAtom) { state->tick(); },
      [state](StopAtom) { state->stop(); },
  };
}

}  // namespace nelumbo
