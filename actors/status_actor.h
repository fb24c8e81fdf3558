// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <nlohmann/json.hpp>

#include "actors/activity.h"
#include "actors/node_protocol.h"

namespace nelumbo {

/// Whom the status of a run is asked from, and where it is written.
struct StatusSetup {
  std::string path;  ///< status.json of the run
  std::shared_ptr<const StageActivity> stage;
  int64_t learners = 0;
  CoordinatorActor coordinator;
  DoorActor door = {};                                 ///< none: one process
  std::function<uint64_t()> bytes_on_offer = nullptr;  ///< of the bulk channel
  std::chrono::milliseconds each{1000};
};

/// Writes what everybody does into a file, again and again, each time as a whole. It is for people
/// who look now, so that it is not synced, and a failure to write is nobody's failure.
struct StatusState {
  static inline const char* name = "status";
  using Clock = StageActivity::Clock;

  /// Activities as one actor told them, and when.
  struct Told {
    std::vector<Activity> rows;
    Clock::time_point at = Clock::now();
  };

  nlohmann::json json() const;
  void write() const;

  StatusSetup setup;
  Told coordinator, door;
};

/// Forwards messages to a `StatusState`.
StatusActor::behavior_type status_actor(StatusActor::stateful_pointer<StatusState> self,
                                        StatusSetup setup);

}  // namespace nelumbo
