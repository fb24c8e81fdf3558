// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "actors/activity.h"
#include "rollout/trajectory.h"

namespace nelumbo {

/// What the coordinator knows of one rollout actor.
struct RolloutSight {
  std::string who;
  int64_t groups = 0;  ///< that it holds
  int64_t delivered = 0;
  double seconds = 0;                                   ///< since it got or gave back something
  double lived = 0;                                     ///< since it was hired
  std::optional<PolicyVersion> version = std::nullopt;  ///< that it has
  std::optional<PolicyVersion> current = std::nullopt;  ///< that it should have; none: no weights
  bool rests = false;                                   ///< gets nothing for a while: it is slow
};

/// What is shown of it.
Activity rollout_row(const RolloutSight& sight);

/// What is shown of all reward actors, before which `scoring` groups lie or are worked on.
Activity reward_row(int64_t actors, int64_t scoring);

}  // namespace nelumbo
