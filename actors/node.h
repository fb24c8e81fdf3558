// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "actors/pipeline.h"
#include "base/error.h"

namespace nelumbo {

struct NodeOptions {
  uint16_t port = 0;                     ///< of the coordinator, on this machine
  std::string role;                      ///< "rollout" or "learner"
  std::string worker;                    ///< its name in the run
  std::chrono::seconds patience{10};     ///< until the coordinator answers
  std::function<bool()> stop_requested;  ///< polled
};

/// Takes part in a run as a worker process, until the coordinator sends it home, is gone, or a stop
/// is requested. `prepare` reads what the task needs. kUnavailable: nobody answers, or the
/// coordinator or the work here ended with an error; kInvalidConfig: it may not join. `wedged` is
/// set when a thread hangs: leave the process by `_Exit`.
Result<void> run_node(const NodeOptions& options,
                      const std::function<Result<CrewSetup>(const WorkerTask&)>& prepare,
                      bool* wedged);

}  // namespace nelumbo
