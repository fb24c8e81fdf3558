// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace nelumbo {

/// What this build says to others; a process that speaks another protocol is refused.
constexpr uint32_t kNodeProtocol = 5;

/// One stay of one worker process in the run. Never given twice.
enum class NodeSession : uint64_t {};

/// What a worker process says of itself.
struct JoinRequest {
  std::string worker;  ///< its name; one process of a name is a member
  std::string role;    ///< "rollout" or "learner"
  uint32_t protocol = 0;
  std::string certificate = {};  ///< PEM; empty: none was asked for
  std::string signature = {};    ///< of the rest and of the door's challenge, by its key
};

/// What decides the bits of a worker's answers, by name, each as a hash or a word: its data, its
/// program. Two processes with other values cannot work on one run.
struct WorkInputs {
  std::map<std::string, std::string> values;
};

/// kInvalidConfig names the worker, and what of it is not as the coordinator's.
Result<void> check_inputs(const std::string& worker, const WorkInputs& wanted,
                          const WorkInputs& found);

/// Which worker processes take part in a run: they join, say when they are ready, are hired by the
/// one actor that speaks for them, and leave when they fall silent. Knows no actor and reads no
/// clock.
class Membership {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Whoever is not heard of for as long as `lease` is overdue.
  explicit Membership(std::chrono::nanoseconds lease) : lease_(lease) {}

  /// A new member. Refused: another protocol, an unknown role, a name that a member has.
  Result<NodeSession> join(const JoinRequest& request, Time now);
  /// False: is no member any more.
  bool beat(NodeSession session, Time now);
  bool ready(NodeSession session, Time now);

  /// A ready member of that role which nobody has hired, the one that joined first.
  std::optional<NodeSession> hire(const std::string& role);
  /// Whoever is no member is no event.
  void evict(NodeSession session) { members_.erase(session); }

  /// REQUIRES: a member.
  const std::string& name_of(NodeSession session) const {
    return members_.at(session).request.worker;
  }
  /// REQUIRES: a member.
  const std::string& role_of(NodeSession session) const {
    return members_.at(session).request.role;
  }
  std::optional<NodeSession> session_of(const std::string& worker) const;
  /// Ready members of that role which nobody has hired.
  int64_t spares(const std::string& role) const;
  /// What a member does, in a word or two, and how long it has been one.
  struct Presence {
    std::string worker, role, phase;
    std::chrono::nanoseconds stay{};
  };
  std::vector<Presence> presences(Time now) const;
  std::vector<NodeSession> overdue(Time now) const;

 private:
  enum class Phase { kJoined, kReady, kHired };
  struct Member {
    JoinRequest request;
    Phase phase = Phase::kJoined;
    Time heard, joined;
  };

  std::chrono::nanoseconds lease_;
  uint64_t sessions_ = 0;
  std::map<NodeSession, Member> members_;
};

}  // namespace nelumbo
