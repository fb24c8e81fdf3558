// SPDX-License-Identifier: Apache-2.0
#include "actors/lease_book.h"

#include <algorithm>
#include <string>
#include <utility>

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

bool LeaseBook::all_current(Time now) const {
  bool someone = false;
  for (const auto& [session, member] : members_) {
    someone = someone || member.version == version_;
    if (member.version && member.version != version_ && member.rests_until <= now)
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
    if (open_.contains(lease.order) && is_only_one(lease))
      back.push_back({lease.order, lease.request, lease.ticket.attempt,
                      now + (rules_.crashes ? kVerdict : kVerdict.zero())});
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
  open_.insert(++last_order_);
  waiting_.push_back({last_order_, std::move(request)});
}

int64_t LeaseBook::working(Time now) const {
  return std::ranges::count_if(members_, [&](const auto& entry) {
    return entry.second.version == version_ && entry.second.rests_until <= now;
  });
}

std::map<Session, LeaseBook::Member>::iterator LeaseBook::roomiest(const Waiting& group, bool alone,
                                                                   Time now) {
  const bool all_rest = working(now) == 0;
  auto best = members_.end();
  for (auto it = members_.begin(); it != members_.end(); ++it) {
    const Member& member = it->second;
    // A group larger than all slots still goes to a member that holds nothing.
    const bool room = member.held == 0 || (!alone && !member.alone &&
                                           member.held + group.request->samples <= rules_.slots);
    const bool routable = member.version == version_ && (all_rest || member.rests_until <= now) &&
                          !member.groups.contains(group.request->id);
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
  const auto member = taken ? members_.end() : roomiest(group, alone, now);
  if (member == members_.end())
    return false;
  member->second.held += group.request->samples;
  member->second.groups.insert(group.request->id);
  member->second.alone = alone;
  const LeaseTicket ticket{member->first, group.request->id, group.attempts + 1, ++leases_};
  leased_.emplace(ticket.number,
                  Leased{group.order, ticket, group.request, now, now + rules_.deadline, alone});
  grants->push_back({ticket, group.request});
  return true;
}

std::vector<Grant> LeaseBook::assign(Time now) {
  std::vector<Grant> grants;
  bool full = false;
  // Behind a group that rests, wants to be alone or is to have another holder, others have their
  // turn.
  std::erase_if(waiting_, [&](const Waiting& group) {
    if (full || group.until > now)
      return false;
    const bool leased = lease(group, now, &grants);
    full = !leased && !is_suspect(group) && !group.has_holder;
    return leased;
  });
  return grants;
}

std::vector<Shared<GroupRequest>> LeaseBook::take_quarantined() {
  std::vector<Shared<GroupRequest>> taken;
  std::erase_if(waiting_, [&](const Waiting& group) {
    if (!rules_.crashes || !rules_.crashes->holds(group.request->prompt->id))
      return false;
    open_.erase(group.order);
    taken.push_back(group.request);
    return true;
  });
  return taken;
}

bool LeaseBook::finish(const LeaseTicket& ticket, Time now) {
  const auto lease = leased_.find(ticket.number);
  if (lease == leased_.end() || !(lease->second.ticket == ticket)) {
    ++fenced_;
    return false;
  }
  const Leased done = lease->second;
  Member& member = members_.at(ticket.session);
  member.held -= done.request->samples;
  member.groups.erase(ticket.group);
  member.alone = false;
  leased_.erase(lease);
  for (auto& [number, other] : leased_)
    if (other.ticket.session == ticket.session)
      other.until = now + rules_.deadline;
  if (open_.erase(done.order) == 0) {  // another was first
    ++fenced_;
    return false;
  }
  std::erase_if(waiting_, [&](const Waiting& one) { return one.order == done.order; });
  patience_[kind_of(*done.request)].took(now - done.since);
  if (idle())
    for (auto& [kind, patience] : patience_)
      patience.settle();
  return true;
}

LeaseBook::Kind LeaseBook::kind_of(const GroupRequest& request) {
  const int64_t own = request.prompt->max_new_tokens;
  return {request.samples, request.sampling.temperature,
          own > 0 ? own : request.sampling.max_new_tokens, request.sampling.tools};
}

bool LeaseBook::is_only_one(const Leased& lease) const {
  const auto same = [&](const auto& other) { return other.order == lease.order; };
  return std::ranges::none_of(waiting_, same) &&
         std::ranges::none_of(leased_, [&](const auto& entry) {
           return same(entry.second) && !(entry.second.ticket == lease.ticket);
         });
}

std::optional<Patience::Time> LeaseBook::limit_of(const Leased& lease) const {
  const auto patience = patience_.find(kind_of(*lease.request));
  return patience == patience_.end() ? std::nullopt : patience->second.limit();
}

std::optional<LeaseBook::Time> LeaseBook::slow_from(const Leased& lease, Time now) const {
  const auto limit = limit_of(lease);
  if (!limit || lease.alone || !open_.contains(lease.order) || rests(lease.ticket.session, now))
    return std::nullopt;
  return lease.since + *limit;
}

std::vector<Session> LeaseBook::rest_slow(Time now) {
  std::vector<Session> slow;
  int64_t left = working(now);
  for (const auto& [number, lease] : leased_) {
    if (left < 2)
      break;
    const auto from = slow_from(lease, now);
    if (!from || *from > now)
      continue;
    members_.at(lease.ticket.session).rests_until = now + Patience::rest(*from - lease.since);
    slow.push_back(lease.ticket.session);
    --left;
  }
  std::vector<Waiting> again;
  for (const auto& [number, lease] : leased_) {
    const Session holder = lease.ticket.session;
    if (std::ranges::find(slow, holder) != slow.end() && !lease.alone &&
        open_.contains(lease.order) && is_only_one(lease))
      again.push_back({lease.order, lease.request, lease.ticket.attempt - 1, now, true});
  }
  waiting_.insert(waiting_.begin(), again.begin(), again.end());
  return slow;
}

std::vector<Session> LeaseBook::overdue(Time now) const {
  std::vector<Session> late;
  for (const auto& [number, lease] : leased_)
    if (lease.until <= now &&
        std::find(late.begin(), late.end(), lease.ticket.session) == late.end())
      late.push_back(lease.ticket.session);
  return late;
}

std::optional<LeaseBook::Time> LeaseBook::next_deadline(Time now) const {
  const bool has_others = working(now) > 1;
  std::optional<Time> next;
  for (const auto& [number, lease] : leased_) {
    const auto slow = has_others ? slow_from(lease, now) : std::nullopt;
    const Time due = std::min(lease.until, slow.value_or(lease.until));
    next = std::min(next.value_or(due), due);
  }
  return next;
}

void LeaseBook::clear() {
  waiting_.clear();
  leased_.clear();
  open_.clear();
  for (auto& [session, member] : members_) {
    member.held = 0;
    member.groups.clear();
  }
}

std::vector<Session> LeaseBook::members() const {
  std::vector<Session> all;
  for (const auto& [session, member] : members_)
    all.push_back(session);
  return all;
}

int64_t LeaseBook::groups_of(Session session) const {
  return std::ssize(members_.at(session).groups);
}

}  // namespace nelumbo
