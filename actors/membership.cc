// SPDX-License-Identifier: Apache-2.0
#include "actors/membership.h"

namespace nelumbo {

Result<NodeSession> Membership::join(const JoinRequest& request, Time now) {
  const auto refused = [&](const std::string& why) {
    return Error{Errc::kInvalidConfig, "worker " + request.worker + " may not join: " + why};
  };
  if (request.protocol != kNodeProtocol)
    return refused("it speaks protocol " + std::to_string(request.protocol) +
                   " and the coordinator " + std::to_string(kNodeProtocol) +
                   "; run the same version of nelumbo on both");
  if (request.role != "rollout" && request.role != "learner")
    return refused("there is no role '" + request.role + "'; it is rollout or learner");
  if (session_of(request.worker))
    return refused("another process has this name; give it another with --worker");
  const NodeSession session{++sessions_};
  members_[session] = {request, Phase::kJoined, now};
  return session;
}

bool Membership::beat(NodeSession session, Time now) {
  const auto member = members_.find(session);
  if (member == members_.end())
    return false;
  member->second.heard = now;
  return true;
}

bool Membership::ready(NodeSession session, Time now) {
  if (!beat(session, now))
    return false;
  if (Phase& phase = members_.at(session).phase; phase == Phase::kJoined)
    phase = Phase::kReady;
  return true;
}

std::optional<NodeSession> Membership::hire(const std::string& role) {
  for (auto& [session, member] : members_)
    if (member.phase == Phase::kReady && member.request.role == role) {
      member.phase = Phase::kHired;
      return session;
    }
  return std::nullopt;
}

std::optional<NodeSession> Membership::session_of(const std::string& worker) const {
  for (const auto& [session, member] : members_)
    if (member.request.worker == worker)
      return session;
  return std::nullopt;
}

std::vector<NodeSession> Membership::overdue(Time now) const {
  std::vector<NodeSession> late;
  for (const auto& [session, member] : members_)
    if (now - member.heard > lease_)
      late.push_back(session);
  return late;
}

}  // namespace nelumbo
