// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/protocol.h"
#include "learner/rank_meeting.h"
#include "learner/shards.h"

namespace nelumbo {

/// One rank of a learner.
struct LearnerSetup {
  std::function<std::unique_ptr<Learner>(LearnerRanks)> make = nullptr;
  std::shared_ptr<RankMeeting> meeting = nullptr;  ///< none where one rank is alone
  int64_t rank = 0, ranks = 1;
  Sharding sharding = Sharding::kReplicated;
  std::chrono::milliseconds patience = std::chrono::minutes(5);  ///< with other ranks
  std::stop_token stop = {};  ///< ends a call in which the others are waited for
};

class LearnerState {
 public:
  static inline const char* name = "learner";

  void start(LearnerSetup setup) { setup_ = std::move(setup); }
  /// What `work` makes of the learner, which is made on the actor's own thread when it is first
  /// needed, or why the other ranks could not be met.
  template <class T>
  caf::result<T> with_learner(const std::function<Result<T>(Learner&)>& work);

 private:
  Result<void> make();
  Result<LearnerRanks> meet();

  LearnerSetup setup_;
  std::unique_ptr<Learner> made_;
  std::optional<std::stop_callback<std::function<void()>>> on_stop_;
};

/// Forwards `LearnerActor` messages to a `Learner`.
LearnerActor::behavior_type learner_actor(LearnerActor::stateful_pointer<LearnerState> self,
                                          LearnerSetup setup);

}  // namespace nelumbo
