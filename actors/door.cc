// SPDX-License-Identifier: Apache-2.0
#include "actors/door.h"

#include <algorithm>
#include <utility>

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

namespace nelumbo {
namespace {

constexpr int kLooks = 20;  // in a lease: so soon behind it a silent process is out

}  // namespace

void DoorState::start(Self self, DoorSetup setup) {
  self_ = self;
  setup_ = std::move(setup);
  members_.emplace(setup_.lease);
  self_->delayed_send(self_, setup_.lease / kLooks, TickAtom::value);
}

caf::result<Welcome> DoorState::join(const JoinRequest& request) {
  if (setup_.check_proof)
    if (const auto proven = setup_.check_proof(request); !proven)
      return to_caf_error(proven.error());
  const auto session = members_->join(request, self_->clock().now());
  if (!session)
    return to_caf_error(session.error());
  Welcome welcome = setup_.welcome;
  welcome.session = session.value();
  welcome.peer = peer_of(session.value());
  joined_.insert(request.worker);
  return welcome;
}

caf::result<bool> DoorState::ready(NodeSession session, const WorkInputs& inputs,
                                   const caf::actor& node) {
  if (!members_->beat(session, self_->clock().now()))
    return false;
  if (const auto same = check_inputs(members_->name_of(session), setup_.inputs, inputs); !same) {
    setup_.warn(same.error().message);
    forget(session);
    return to_caf_error(same.error());
  }
  members_->ready(session, self_->clock().now());
  nodes_[session] = node;
  self_->monitor(node);
  match();
  // Nobody took it, and nobody will unless somebody is told.
  if (!hirers_.contains(session) && members_->role_of(session) == "rollout" && on_spare_.call)
    on_spare_.call();
  return true;
}

void DoorState::watch_spares(const OnSpare& watcher) {
  on_spare_ = watcher;
  for (int64_t i = members_->spares("rollout"); i > 0 && on_spare_.call; --i)
    on_spare_.call();
}

Shared<std::vector<Activity>> DoorState::activities() const {
  std::vector<Activity> rows;
  for (const Membership::Presence& one : members_->presences(self_->clock().now()))
    rows.push_back({.who = "process " + one.worker,
                    .waits = one.phase == "to be needed",
                    .what = one.phase + " (" + one.role + ")",
                    .seconds = std::chrono::duration<double>(one.stay).count()});
  return share(std::move(rows));
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
  self_->delayed_send(self_, setup_.lease / kLooks, TickAtom::value);
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
  on_spare_ = {};
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
      [state](HelloAtom) { return state->challenge(); },
      [state](JoinAtom, const JoinRequest& request) { return state->join(request); },
      [state](ReadyAtom, NodeSession session, const WorkInputs& inputs, const caf::actor& node) {
        return state->ready(session, inputs, node);
      },
      [state](BeatAtom, NodeSession session) { return state->beat(session); },
      [state](HireAtom, const std::string& role) { return state->hire(role); },
      [state](LostAtom, const std::string& role, const std::string& worker,
              const std::string& cause) { state->lost(role, worker, cause); },
      [state](SpareAtom, const OnSpare& watcher) { state->watch_spares(watcher); },
      [state](WhoAtom) { return state->activities(); },
      [state](TickAtom) { state->tick(); },
      [state](StopAtom) { state->stop(); },
  };
}

}  // namespace nelumbo
