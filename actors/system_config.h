// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/actor_system_config.hpp>

namespace nelumbo {

/// How every process of a run sets up CAF. Its defaults spin and use a thread for each core; ours
/// sleep.
struct SystemConfig : caf::actor_system_config {
  SystemConfig();
  /// Besides, lets actors of other processes be talked to.
  void admit_processes();
};

}  // namespace nelumbo
