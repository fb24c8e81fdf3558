// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/protocol.h"
#include "actors/run_directory.h"

namespace nelumbo {

/// Where metrics and traces go.
struct MonitorSetup {
  RunDirectory* directory = nullptr;  ///< outlives the actor
  std::function<void(const MetricsLine&)> on_metrics;
  std::function<std::vector<nlohmann::json>(const std::string&, int64_t,
                                            const std::vector<ScoredGroup>&)>
      traces;
  std::function<void(const std::string&)> warn;  ///< may be empty
};

struct MonitorState {
  static inline const char* name = "monitor";

  void show(const MetricsLine& line);
  void miss(const Error& error);
  void trace(const std::string& stage, int64_t step, const std::vector<ScoredGroup>& groups);
  /// Warns of what was lost since the last call. That is no failure of the run: it trains on.
  void commit();

  MonitorSetup setup;
  std::optional<Error> failure;  ///< the first since then
  int64_t lost = 0;              ///< lines of metrics and files of traces since then
};

/// Forwards `MonitorActor` messages to a `MonitorState`.
MonitorActor::behavior_type monitor_actor(MonitorActor::stateful_pointer<MonitorState> self,
                                          MonitorSetup setup);

}  // namespace nelumbo
