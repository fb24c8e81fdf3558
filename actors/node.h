// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "actors/credentials.h"
#include "actors/listening.h"
#include "actors/membership.h"
#include "actors/pipeline.h"
#include "base/error.h"

namespace nelumbo {

struct NodeOptions {
  Address coordinator;                                  ///< where the run listens
  std::shared_ptr<const Credentials> credentials = {};  ///< none: of this machine, unencrypted
  std::string role;                                     ///< "rollout" or "learner"
  std::string worker;                                   ///< its name in the run
  std::chrono::seconds patience{10};                    ///< until the coordinator answers
  std::function<bool()> stop_requested;                 ///< polled
};

/// What a worker process has read to do its task.
struct NodeWork {
  CrewSetup crew;
  WorkInputs inputs = {};
};

/// Takes part in a run as a worker process, until the coordinator sends it home, is gone, or a stop
/// is requested. `prepare` reads what the task needs. kUnavailable: nobody answers, or the
/// coordinator or the work here ended with an error; kInvalidConfig: it may not join. A thread that
/// hangs may outlive the call: leave the process by `_Exit`.
Result<void> run_node(const NodeOptions& options,
                      const std::function<Result<NodeWork>(const WorkerTask&)>& prepare);

}  // namespace nelumbo
