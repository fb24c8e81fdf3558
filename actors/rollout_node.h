// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/bulk_inbox.h"
#include "actors/node_protocol.h"
#include "actors/rollout_actor.h"

namespace nelumbo {

struct RolloutNodeSetup {
  BulkChannel* channel = nullptr;
  RolloutSetup rollout;
  std::chrono::nanoseconds deadline{};  ///< for the engine to take weights
};

/// In a rollout process: what the coordinator's process and the rollout actor beside it say.
using RolloutNodeBody = RolloutNode::extend<caf::reacts_to<DeliverAtom, LeaseTicket, Shared<Group>>,
                                            caf::reacts_to<RefuseAtom, LeaseTicket, std::string>,
                                            caf::reacts_to<FetchedAtom, uint64_t, Shared<Fetched>>>;

/// Fetches what its rollout actor needs, and offers what that has done. Ends when that does.
class RolloutNodeState {
 public:
  static inline const char* name = "rollout_node";
  using Self = RolloutNodeBody::stateful_pointer<RolloutNodeState>;

  void start(Self self, RolloutNodeSetup setup);
  caf::result<PolicyVersion> load(PolicyVersion version, const OfferedWeights& offered);
  void lease(const LeaseTicket& ticket, const BulkRef& ref, const RolloutDesk& desk);
  void deliver(const LeaseTicket& ticket, const Shared<Group>& group);
  void refuse(const LeaseTicket& ticket, const std::string& why);
  void free(const BulkRef& ref) { setup_.channel->withdraw(ref); }
  void arrived(uint64_t id, const Fetched& fetched) { inbox_.arrived(id, fetched); }

 private:
  using Loading = caf::typed_response_promise<PolicyVersion>;

  /// Gives the rollout actor what was found, and says whether it has taken it.
  void give(Result<WeightSet> weights, PolicyVersion version, Loading promise);

  Self self_ = nullptr;
  RolloutNodeSetup setup_;
  RolloutActor rollout_;
  RolloutDesk desk_;  ///< of the latest lease
  BulkInbox inbox_;
};

/// Forwards messages to a `RolloutNodeState`.
RolloutNodeBody::behavior_type rollout_node(RolloutNodeState::Self self, RolloutNodeSetup setup);

}  // namespace nelumbo
