// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/protocol.h"

namespace nelumbo {

using MakeLearner = std::function<std::unique_ptr<Learner>()>;

struct LearnerState {
  static inline const char* name = "learner";

  /// The learner, made on the actor's own thread when it is first needed.
  Learner& learner();

  MakeLearner make;
  std::unique_ptr<Learner> made;
};

/// Forwards `LearnerActor` messages to a `Learner`.
LearnerActor::behavior_type learner_actor(LearnerActor::stateful_pointer<LearnerState> self,
                                          MakeLearner make);

}  // namespace nelumbo
