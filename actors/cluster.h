// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <caf/actor_system.hpp>

#include "actors/bulk_channel.h"
#include "actors/child_processes.h"
#include "actors/config.h"
#include "actors/crash_book.h"
#include "actors/door.h"
#include "actors/listening.h"
#include "actors/node_protocol.h"
#include "actors/pipeline.h"
#include "actors/remote_learner.h"
#include "actors/remote_rollout.h"
#include "actors/roster.h"

namespace nelumbo {

struct ClusterSetup {
  PlacementConfig placement;
  WorkerTask task;
  bool learners = true;  ///< something is trained
  Listening listening = {};
  WorkInputs inputs = {};  ///< what worker processes must have read, too
  std::string logs;        ///< folder of what they write; empty: this process's own output
  std::function<void(const std::string&)> warn;
  std::shared_ptr<CrashBook> crashes = {};  ///< is told what a process crashed over
};

/// The worker processes of a run, as the coordinator's process sees them: the door where they join,
/// the channel that bytes go through, and the children that are started here. Without credentials
/// all of it is on the loopback interface. `system` must have `admit_processes`, with the same
/// credentials, and outlive it.
class Cluster {
 public:
  /// kEnvironment when nothing can listen.
  static Result<std::unique_ptr<Cluster>> open(caf::actor_system& system, ClusterSetup setup);
  /// Ends the children.
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  /// An actor that works in a rollout process: the next that is ready.
  RolloutActor hire_rollout(Roster& roster, RolloutClient client);
  /// One that works in a learner process, as that rank.
  LearnerActor hire_learner(Roster& roster, int64_t rank);
  /// Has the coordinator told of each rollout process that nobody waits for.
  void watch_spares(const CoordinatorActor& coordinator);
  const DoorActor& door() const { return door_; }
  /// Bytes that lie ready for worker processes. From any thread.
  uint64_t bytes_on_offer() const { return channel_->bytes_on_offer(); }
  /// Where processes join.
  Address address() const { return {setup_.listening.address.host, port_}; }
  /// Sends all processes home.
  void close();

 private:
  Cluster(caf::actor_system& system, ClusterSetup setup, std::unique_ptr<BulkChannel> channel);
  Result<void> listen();
  Result<DoorSetup> door_setup() const;
  void start_children(const std::string& role, int64_t count);

  caf::actor_system& system_;
  ClusterSetup setup_;
  std::unique_ptr<BulkChannel> channel_;
  std::shared_ptr<WeightsOnOffer> weights_;
  std::shared_ptr<SharedOffers> questions_;  ///< to learner processes
  DoorActor door_;  ///< kept until the end: those that watch over processes tell it
  bool closed_ = false;
  uint16_t port_ = 0;
  std::string meeting_;  ///< file where learner ranks meet
  std::shared_ptr<ChildProcesses> children_;
};

}  // namespace nelumbo
