// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "actors/crash_book.h"
#include "actors/crew.h"
#include "actors/patience.h"
#include "base/error.h"
#include "rollout/engine.h"

namespace nelumbo {

/// One employment of a rollout actor. Grows, so that results of a dismissed one are known as such.
enum class Session : uint64_t {};

/// One lease of a group to a rollout actor. A result counts only with the ticket that was lent
/// last.
struct LeaseTicket {
  Session session{};
  GroupId group{};
  int32_t attempt = 0;  ///< from 1
  int64_t number = 0;   ///< from 1, of all leases of the run; what planted faults count by

  bool operator==(const LeaseTicket&) const = default;
};

/// What the book goes by.
struct LeaseRules {
  std::chrono::nanoseconds deadline{};  ///< that a lease may take
  int64_t slots = 1;                    ///< samples that one rollout actor holds
  int64_t restarts = 0;                 ///< replacements, in all, before it gives up
  int32_t most_attempts = 3;            ///< leases of one group; more says the group is the cause
  /// What processes crashed over: a suspect is answered alone, one at a time. None: nothing is.
  std::shared_ptr<const CrashBook> crashes = {};
};

/// A lease that the book decided on.
struct Grant {
  LeaseTicket ticket;
  Shared<GroupRequest> request;
};

/// Who has leased what until when. Knows no actor and reads no clock.
///
/// A group waits in a queue, is leased to the member with most free slots, and leaves the book when
/// its holder delivers it. When the holder is dismissed, its groups return to the head of the queue
/// and whatever it delivers afterwards is refused. A holder that is slow (Patience) keeps its
/// groups, which return to the queue all the same: whoever delivers one first counts, and it rests
/// for a while, as long as there are others.
class LeaseBook {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Until it is known what a process crashed over.
  static constexpr std::chrono::milliseconds kVerdict{300};

  explicit LeaseBook(LeaseRules rules) : rules_(std::move(rules)) {}

  /// A new member. It gets leases once it acknowledged the version that is required.
  Session hire();
  void acknowledge(Session session, PolicyVersion version);
  /// Only members with this version get leases from now on.
  void require(PolicyVersion version);
  /// Whether some member has the required version and none an older one: who was just hired and
  /// has no weights yet is not waited for, nor is who rests.
  bool all_current(Time now) const;

  /// Dismisses a member and requeues its groups. kUnavailable, naming `cause`, when the budget of
  /// restarts is spent or one of its groups has failed too often. An unknown session is no event.
  /// One that nobody replaces costs no restart.
  /// Where crashes are told, its groups rest for kVerdict from `now` on.
  Result<void> dismiss(Session session, const std::string& cause, bool replaced = true,
                       Time now = {});

  void add(Shared<GroupRequest> request);
  /// Leases what waits to whom has room, oldest first.
  std::vector<Grant> assign(Time now);
  /// Takes the waiting groups out of the book that the crashes hold in quarantine.
  std::vector<Shared<GroupRequest>> take_quarantined();
  /// Whether this delivery counts; it then leaves the book. A member that works has its other
  /// leases' deadlines counted from now.
  bool finish(const LeaseTicket& ticket, Time now);
  /// Members with a lease that is over at `now`.
  std::vector<Session> overdue(Time now) const;
  /// Has members rest with which a group takes too long, if there are others, and returns them.
  std::vector<Session> rest_slow(Time now);
  /// When the next lease will be over, or takes too long.
  std::optional<Time> next_deadline(Time now) const;
  /// Forgets all groups, waiting or leased.
  void clear();

  bool idle() const { return open_.empty(); }
  bool knows(Session session) const { return members_.contains(session); }
  std::vector<Session> members() const;
  /// What a member holds, and which version it has acknowledged. REQUIRES: knows(session).
  int64_t groups_of(Session session) const;
  std::optional<PolicyVersion> version_of(Session session) const {
    return members_.at(session).version;
  }
  bool rests(Session session, Time now) const { return members_.at(session).rests_until > now; }
  /// Groups that wait for a holder, or for one more.
  int64_t waiting() const { return std::ssize(waiting_); }
  int64_t restarts() const { return restarts_; }
  int64_t fenced() const { return fenced_; }

 private:
  struct Member {
    std::optional<PolicyVersion> version;
    int64_t held = 0;          ///< samples
    std::set<GroupId> groups;  ///< that it holds
    bool alone = false;        ///< with a group that wants it so
    Time rests_until = {};
  };
  /// Groups that may be expected to take alike: samples, temperature, most tokens, with tools.
  using Kind = std::tuple<int32_t, double, int64_t, bool>;
  static Kind kind_of(const GroupRequest& request);
  /// Which of all that were added; the jobs of a run name groups alike.
  using Order = int64_t;
  struct Waiting {
    Order order = 0;
    Shared<GroupRequest> request;
    int32_t attempts = 0;
    Time until = {};          ///< rests
    bool has_holder = false;  ///< who is slow
  };
  struct Leased {
    Order order = 0;
    LeaseTicket ticket;
    Shared<GroupRequest> request;
    Time since, until;
    bool alone = false;
  };

  /// Members that may be leased something at `now`, were there room.
  int64_t working(Time now) const;
  /// The member with most free slots that has room; none when all are full.
  std::map<Session, Member>::iterator roomiest(const Waiting& group, bool alone, Time now);
  /// Nobody else has the group or waits for it.
  bool is_only_one(const Leased& lease) const;
  /// How long a group like this may take; none where that is not known.
  std::optional<Patience::Time> limit_of(const Leased& lease) const;
  /// When the lease begins to take too long, if it is such that can.
  std::optional<Time> slow_from(const Leased& lease, Time now) const;
  bool is_suspect(const Waiting& group) const;
  /// Leases a group that waits, if there is room.
  bool lease(const Waiting& group, Time now, std::vector<Grant>* grants);

  LeaseRules rules_;
  PolicyVersion version_{};
  std::map<Session, Member> members_;
  std::deque<Waiting> waiting_;
  std::map<int64_t, Leased> leased_;  ///< by the number of the lease: the oldest first
  std::set<Order> open_;              ///< what was not delivered yet
  std::map<Kind, Patience> patience_;
  uint64_t last_session_ = 0;
  Order last_order_ = 0;
  int64_t leases_ = 0;
  int64_t restarts_ = 0;
  int64_t fenced_ = 0;
};

}  // namespace nelumbo
