// SPDX-License-Identifier: Apache-2.0
#include "actors/membership.h"

#include <algorithm>
#include <cctype>

namespace nelumbo {
namespace {

constexpr size_t kMostName = 200;

/// Names go into file names, terminals and other libraries.
bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= kMostName &&
         std::ranges::all_of(text, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == '/';
         });
}

}  // namespace

Result<void> check_inputs(const std::string& worker, const WorkInputs& wanted,
                          const WorkInputs& found) {
  std::string others;
  for (const auto& [name, value] : wanted.values)
    if (const auto at = found.values.find(name); at == found.values.end() || at->second != value)
      others += (others.empty() ? "" : ", ") + name;
  if (others.empty())
    return {};
  return Error{Errc::kInvalidConfig,
               "worker " + worker + " may not work: it has another " + others +
                   " than the coordinator; give both machines the same files and program"};
}

Result<NodeSession> Membership::join(const JoinRequest& request, Time now) {
  const auto refused = [&](const std::string& why) {
    return Error{Errc::kInvalidConfig, "worker " + request.worker + " may not join: " + why};
  };
  if (!is_name(request.worker))
    return Error{Errc::kInvalidConfig, "a worker may not join: its name must have 1 to " +
                                           std::to_string(kMostName) +
                                           " letters, digits, '-', '_', '.' or '/'"};
  if (request.protocol != kNodeProtocol)
    return refused("it speaks protocol " + std::to_string(request.protocol) +
                   " and the coordinator " + std::to_string(kNodeProtocol) +
                   "; run the same version of nelumbo on both");
  if (request.role != "rollout" && request.role != "learner")
    return refused("there is no role '" + request.role + "'; it is rollout or learner");
  if (session_of(request.worker))
    return refused("another process has this name; give it another with --worker");
  const NodeSession session{++sessions_};
  members_[session] = {request, Phase::kJoined, now, now};
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

int64_t Membership::spares(const std::string& role) const {
  return std::ranges::count_if(members_, [&](const auto& entry) {
    return entry.second.phase == Phase::kReady && entry.second.request.role == role;
  });
}

std::vector<Membership::Presence> Membership::presences(Time now) const {
  std::vector<Presence> all;
  for (const auto& [session, member] : members_)
    all.push_back({member.request.worker, member.request.role,
                   member.phase == Phase::kJoined  ? "reads its data"
                   : member.phase == Phase::kReady ? "to be needed"
                                                   : "works",
                   now - member.joined});
  return all;
}

}  // namespace nelumbo
