// SPDX-License-Identifier: Apache-2.0
#include "actors/lease_book.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/check.h"

namespace nelumbo {

Session LeaseBook::hire() {
  const Session session{++last_session_};
  members_[session] = {};
  return session;
}

void LeaseBook::acknowledge(Session session, PolicyVersion version) {
  if (const auto member = members_.find(session); member != members_.end())
    member->second.version = version;
}

void LeaseBook::require(PolicyVersion version) {
  version_ = version;
}

bool LeaseBook::all_current() const {
  bool someone = false;
  for (const auto& [session, member] : members_) {
    someone = someone || member.version == version_;
    if (member.version && member.version != version_)
      return false;
  }
  return someone;
}

Result<void> LeaseBook::dismiss(Session session, const std::string& cause, bool replaced,
                                Time now) {
  if (members_.erase(session) == 0)
    return {};
  std::vector<Waiting> back;
  std::erase_if(leased_, [&](const auto& entry) {
    const Leased& lease = entry.second;
    if (lease.ticket.session != session)
      return false;
    back.push_back(
        {lease.request, lease.ticket.attempt, now + (rules_.crashes ? kVerdict : kVerdict.zero())});
    return true;
  });
  waiting_.insert(waiting_.begin(), back.begin(), back.end());
  if (replaced && ++restarts_ > rules_.restarts)
    return Error{Errc::kUnavailable, "rollout actor: " + cause + ", and the " +
                                         std::to_string(rules_.restarts) +
                                         " restarts of placement.restarts are used up"};
  for (const Waiting& group : back)
    if (group.attempts >= rules_.most_attempts)
      return Error{Errc::kUnavailable,
                   "prompt " + group.request->prompt->id + ": " + std::to_string(group.attempts) +
                       " rollout actors that held it failed, the last one: " + cause};
  return {};
}

void LeaseBook::add(Shared<GroupRequest> request) {
  waiting_.push_back({std::move(request), 0});
}

std::map<Session, LeaseBook::Member>::iterator LeaseBook::roomiest(int64_t samples, bool alone) {
  auto best = members_.end();
  for (auto it = members_.begin(); it != members_.end(); ++it) {
    const Member& member = it->second;
    // A group larger than all slots still goes to a member that holds nothing.
    const bool room =
        member.held == 0 || (!alone && !member.alone && member.held + samples <= rules_.slots);
    const bool routable = member.version == version_;
    if (routable && room && (best == members_.end() || member.held < best->second.held))
      best = it;
  }
  return best;
}

bool LeaseBook::is_suspect(const Waiting& group) const {
  return rules_.crashes && rules_.crashes->suspects(group.request->prompt->id);
}

bool LeaseBook::lease(const Waiting& group, Time now, std::vector<Grant>* grants) {
  const bool alone = is_suspect(group);
  const bool taken =
      alone && std::ranges::any_of(leased_, [](const auto& entry) { return entry.second.alone; });
  const auto member = taken ? members_.end() : roomiest(group.request->samples, alone);
  if (member == members_.end())
    return false;
  member->second.held += group.request->samples;
  member->second.alone = alone;
  const LeaseTicket ticket{member->first, group.request->id, group.attempts + 1, ++leases_};
  const bool added =
      leased_.try_emplace(ticket.group, Leased{ticket, group.request, now + rules_.deadline, alone})
          .second;
  NELUMBO_CHECK(added) << "group " << static_cast<uint64_t>(ticket.group) << " leased twice";
  grants->push_back({ticket, group.request});
  return true;
}

std::vector<Grant> LeaseBook::assign(Time now) {
  std::vector<Grant> grants;
  bool full = false;
  // Behind a group that rests, or wants to be alone, others have their turn.
  std::erase_if(waiting_, [&](const Waiting& group) {
    if (full || group.until > now)
      return false;
    const bool leased = lease(group, now, &grants);
    full = !leased && !is_suspect(group);
    return leased;
  });
  return grants;
}

std::vector<Shared<GroupRequest>> LeaseBook::take_quarantined() {
  std::vector<Shared<GroupRequest>> taken;
  std::erase_if(waiting_, [&](const Waiting& group) {
    if (!rules_.crashes || !rules_.crashes->holds(group.request->prompt->id))
      return false;
    taken.push_back(group.request);
    return true;
  });
  return taken;
}

bool LeaseBook::finish(const LeaseTicket& ticket, Time now) {
  const auto lease = leased_.find(ticket.group);
  if (lease == leased_.end() || !(lease->second.ticket == ticket)) {
    ++fenced_;
    return false;
  }
  members_.at(ticket.session).held -= lease->second.request->samples;
  members_.at(ticket.session).alone = false;
  leased_.erase(lease);
  for (auto& [group, other] : leased_)
    if (other.ticket.session == ticket.session)
      other.until = now + rules_.deadline;
  return true;
}

std::vector<Session> LeaseBook::overdue(Time now) const {
  std::vector<Session> late;
  for (const auto& [group, lease] : leased_)
    if (lease.until <= now &&
        std::find(late.begin(), late.end(), lease.ticket.session) == late.end())
      late.push_back(lease.ticket.session);
  return late;
}

std::optional<LeaseBook::Time> LeaseBook::next_deadline() const {
  std::optional<Time> next;
  for (const auto& [group, lease] : leased_)
    next = next ? std::min(*next, lease.until) : lease.until;
  return next;
}

void LeaseBook::clear() {
  waiting_.clear();
  leased_.clear();
  for (auto& [session, member] : members_)
    member.held = 0;
}

std::vector<Session> LeaseBook::members() const {
  std::vector<Session> all;
  for (const auto& [session, member] : members_)
    all.push_back(session);
  return all;
}

int64_t LeaseBook::groups_of(Session session) const {
  return std::count_if(leased_.begin(), leased_.end(),
                       [&](const auto& entry) { return entry.second.ticket.session == session; });
}

}  // namespace nelumbo
