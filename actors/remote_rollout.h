// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/bulk_inbox.h"
#include "actors/node_protocol.h"
#include "actors/weights_on_offer.h"

namespace nelumbo {

struct RemoteRolloutSetup {
  DoorActor door;
  BulkChannel* channel = nullptr;
  std::shared_ptr<WeightsOnOffer> weights;
  std::chrono::nanoseconds deadline{};  ///< for a process to come, and to take weights
};

/// A rollout actor whose engine works in another process.
using RemoteRolloutBody =
    RolloutActor::extend<caf::reacts_to<DeliverAtom, LeaseTicket, BulkRef>,
                         caf::reacts_to<RefuseAtom, LeaseTicket, std::string>,
                         caf::reacts_to<FetchedAtom, uint64_t, Shared<Fetched>>>;

/// Speaks for one rollout process: hires it, sends on what it is given, takes what comes back. Ends
/// when the process does.
class RemoteRolloutState {
 public:
  static inline const char* name = "remote_rollout";
  using Self = RemoteRolloutBody::stateful_pointer<RemoteRolloutState>;

  RemoteRolloutState() = default;
  ~RemoteRolloutState();
  RemoteRolloutState(const RemoteRolloutState&) = delete;
  RemoteRolloutState& operator=(const RemoteRolloutState&) = delete;

  void start(Self self, RolloutClient client, RemoteRolloutSetup setup);
  caf::result<PolicyVersion> load(const Shared<WeightSet>& weights, PolicyVersion version);
  void lease(const LeaseTicket& ticket, const Shared<GroupRequest>& request);
  void deliver(const LeaseTicket& ticket, const BulkRef& ref);
  void refuse(const LeaseTicket& ticket, const std::string& why);
  void arrived(uint64_t id, const Fetched& fetched) { inbox_.arrived(id, fetched); }
  void down(const caf::down_msg& message);

 private:
  struct Leased {
    Shared<GroupRequest> request;
    BulkRef bytes{};
  };

  void hired(const HiredNode& node);

  Self self_ = nullptr;
  RolloutClient client_;
  RemoteRolloutSetup setup_;
  std::optional<HiredNode> node_;
  RolloutNode actor_;
  std::deque<std::function<void()>> before_;  ///< what came before the process did
  std::map<int64_t, Leased> leased_;          ///< by the ticket's number
  BulkInbox inbox_;
};

/// Forwards messages to a `RemoteRolloutState`.
RemoteRolloutBody::behavior_type remote_rollout(RemoteRolloutState::Self self, RolloutClient client,
                                                RemoteRolloutSetup setup);

}  // namespace nelumbo
