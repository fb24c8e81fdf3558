// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/protocol.h"

namespace nelumbo {

struct RolloutSetup {
  std::function<std::unique_ptr<Engine>()> make_engine;
  FaultConfig fault;
  /// How a planted stall hangs: until the token says stop, where the actor has its own thread.
  std::function<void(const std::stop_token&)> stall;
  std::stop_token stop;
};

struct Delivery {
  LeaseTicket ticket;
  Shared<Group> group;
};

/// What a rollout actor does, without the actor: makes its engine with the first weights, queues
/// leases, steps.
class RolloutWork {
 public:
  explicit RolloutWork(RolloutSetup setup) : setup_(std::move(setup)) {}

  /// Unfinished groups go on with them.
  Result<PolicyVersion> load(Shared<WeightSet> weights, PolicyVersion version);
  /// Takes a group, or says why it can never be served. A planted fault strikes here.
  Result<void> lease(const LeaseTicket& ticket, const Shared<GroupRequest>& request);
  /// One bounded piece of work; what it finished.
  std::vector<Delivery> step();
  /// There is work to step. A stalled one never has.
  bool busy() const;
  bool stopped() const { return setup_.stop.stop_requested(); }

 private:
  struct Held {
    LeaseTicket ticket;
    std::string prompt;
  };

  /// One step of the engine.
  void work();
  /// Where a process crashes over what it holds, that is told (base/crash_note.h).
  void write_note();

  RolloutSetup setup_;
  std::unique_ptr<Engine> engine_;
  std::map<GroupId, Held> held_;
  std::vector<Delivery> done_;  ///< and not yet given to who steps
  std::string note_;
  bool stalled_ = false;
  bool replays_ = false;  ///< what it holds says which weights draw what
};

struct RolloutState {
  static inline const char* name = "rollout";
  std::unique_ptr<RolloutWork> work;
  bool stepping = false;  ///< a StepAtom is on its way
};

/// Hangs like a wedged thread, but lets itself be told to stop: a stall for actors with a thread of
/// their own.
void hang(const std::stop_token& token);

/// Forwards `RolloutActor` messages to a `RolloutWork` and delivers to `client`.
RolloutActor::behavior_type rollout_actor(RolloutActor::stateful_pointer<RolloutState> self,
                                          RolloutClient client, RolloutSetup setup);

}  // namespace nelumbo
