// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/bulk_inbox.h"
#include "actors/learner_actor.h"
#include "actors/node_protocol.h"

namespace nelumbo {

struct LearnerNodeSetup {
  BulkChannel* channel = nullptr;
  std::function<std::unique_ptr<Learner>(LearnerRanks)> make;
  std::chrono::milliseconds deadline{};  ///< for each thing that the learner is asked
  std::stop_token stop;
};

/// In a learner process: what the coordinator's process says.
using LearnerNodeBody = LearnerNode::extend<caf::reacts_to<FetchedAtom, uint64_t, Shared<Fetched>>>;

/// Fetches what its learner actor is asked, and offers what that answers. Ends when that does.
class LearnerNodeState {
 public:
  static inline const char* name = "learner_node";
  using Self = LearnerNodeBody::stateful_pointer<LearnerNodeState>;

  void start(Self self, LearnerNodeSetup setup);
  /// From now on it is that rank: the learner actor is made.
  bool take(const LearnerSeat& seat);
  caf::result<BulkRef> learn(LearnKind kind, const BulkRef& ref);
  void free(const BulkRef& ref) { setup_.channel->withdraw(ref); }
  void arrived(uint64_t id, const Fetched& fetched) { inbox_.arrived(id, fetched); }

 private:
  using Promise = caf::typed_response_promise<BulkRef>;

  void learn(LearnKind kind, const Fetched& fetched, Promise promise);
  struct Nothing {};
  /// Asks the learner actor, if the question could be read, and offers its answer.
  template <class Answer, class Question, class Atom>
  void ask(Result<Question> question, Promise promise, Atom atom);

  Self self_ = nullptr;
  LearnerNodeSetup setup_;
  LearnerActor learner_;
  BulkInbox inbox_;
};

/// Forwards messages to a `LearnerNodeState`.
LearnerNodeBody::behavior_type learner_node(LearnerNodeState::Self self, LearnerNodeSetup setup);

}  // namespace nelumbo
