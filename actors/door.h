// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/membership.h"
#include "actors/node_protocol.h"

namespace nelumbo {

struct DoorSetup {
  Welcome welcome;  ///< what each worker process is told; its session and peer are filled in
  std::chrono::milliseconds lease{10'000};  ///< how long a process may say nothing
  WorkInputs inputs = {};                   ///< what each must have read, too
  /// What each has to sign, and whether a request is signed as it should be. Empty: nothing is.
  std::string challenge = {};
  std::function<Result<void>(const JoinRequest&)> check_proof = {};
  std::function<void(const std::string& worker)> end_process;  ///< if it is a child of this process
  std::function<void(const std::string&)> warn;
};

/// Turns the membership's decisions into messages.
class DoorState {
 public:
  static inline const char* name = "door";
  using Self = DoorActor::stateful_pointer<DoorState>;
  using Hiring = caf::typed_response_promise<HiredNode>;

  void start(Self self, DoorSetup setup);
  const std::string& challenge() const { return setup_.challenge; }
  caf::result<Welcome> join(const JoinRequest& request);
  caf::result<bool> ready(NodeSession session, const WorkInputs& inputs, const caf::actor& node);
  bool beat(NodeSession session);
  caf::result<HiredNode> hire(const std::string& role);
  void lost(const std::string& role, const std::string& worker, const std::string& cause);
  void watch_spares(const OnSpare& watcher);
  Shared<std::vector<Activity>> activities() const;
  void tick();
  void down(const caf::down_msg& message);
  void stop();

 private:
  struct Waiting {
    std::string role;
    caf::actor_addr hirer;
    Hiring promise;
  };

  /// A member's name on the bulk channel, where a later process of its name has another.
  std::string peer_of(NodeSession session) const;
  void match();
  /// Forgets a member, and its process where it is not gone.
  void forget(NodeSession session);
  void send_home(NodeSession session);

  Self self_ = nullptr;
  DoorSetup setup_;
  std::optional<Membership> members_;
  std::map<NodeSession, caf::actor> nodes_;        ///< of those that are ready
  std::map<NodeSession, caf::actor_addr> hirers_;  ///< of those that are hired
  std::set<std::string> joined_;                   ///< names of processes that were members
  std::deque<Waiting> waiting_;
  OnSpare on_spare_;
};

/// Forwards `DoorActor` messages to a `DoorState`.
DoorActor::behavior_type door(DoorState::Self self, DoorSetup setup);

}  // namespace nelumbo
