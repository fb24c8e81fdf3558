// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/actor_system_config.hpp>

#include "actors/credentials.h"

namespace nelumbo {

/// How every process of a run sets up CAF. Its defaults spin and use a thread for each core; ours
/// sleep.
struct SystemConfig : caf::actor_system_config {
  SystemConfig();
  /// Besides, lets actors of other processes be talked to; with credentials, which outlive the
  /// system, over TLS where both sides show a certificate of one run.
  void admit_processes(const Credentials* credentials = nullptr);
};

}  // namespace nelumbo
