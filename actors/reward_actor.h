// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/typed_event_based_actor.hpp>

#include "actors/protocol.h"

namespace nelumbo {

/// Outcomes that say why a group could not be scored, one for each trajectory.
ScoredGroup unscored(const Shared<Group>& group, Outcome::Kind kind, const std::string& reason);

/// The same of a group that nobody answers: empty trajectories, each of which is invalid.
ScoredGroup unanswered(const GroupRequest& request, PolicyVersion version,
                       const std::string& reason);

/// Scores groups by a specification; checks that each trajectory got its outcome.
Result<Shared<ScoredGroup>> score_group(const RewardSpec& spec, const Shared<Group>& group);

/// Forwards `RewardActor` messages to `score_group`. Scoring waits where the specification asks
/// judges: such an actor runs on a thread of its own, and is given one group at a time.
RewardActor::behavior_type reward_actor(RewardActor::pointer self, Shared<RewardSpec> spec);

}  // namespace nelumbo
