// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/bulk_inbox.h"
#include "actors/node_protocol.h"
#include "actors/shared_offers.h"

namespace nelumbo {

struct RemoteLearnerSetup {
  DoorActor door;
  BulkChannel* channel = nullptr;
  std::shared_ptr<SharedOffers> offers;  ///< on that channel, for all ranks
  LearnerSeat seat;
  std::chrono::nanoseconds deadline{};  ///< for a process to come, and for each thing it is asked
};

/// A learner actor whose learner works in another process.
using RemoteLearnerBody =
    LearnerActor::extend<caf::reacts_to<FetchedAtom, uint64_t, Shared<Fetched>>>;

/// What a learner process is asked, and what it needs for that; none: nothing.
struct LearnQuestion {
  LearnKind kind{};
  Shared<void> object = {};
  std::function<Bytes()> write = [] { return Bytes(); };  ///< the object's bytes
};

/// Speaks for one learner process: hires it, gives it its seat among the ranks, sends on what it is
/// asked. Ends when the process does.
class RemoteLearnerState {
 public:
  static inline const char* name = "remote_learner";
  using Self = RemoteLearnerBody::stateful_pointer<RemoteLearnerState>;

  void start(Self self, RemoteLearnerSetup setup);
  /// Asks the process; `Answer` is what it gives, void for nothing.
  template <class Answer>
  caf::result<Answer> ask(const LearnQuestion& question);
  void arrived(uint64_t id, const Fetched& fetched) { inbox_.arrived(id, fetched); }
  void down(const caf::down_msg& message);

 private:
  void hired(const HiredNode& node);
  void seated();
  void end(const caf::error& error, const std::string& who);
  template <class Answer, class Promise>
  void send(const LearnQuestion& question, Promise promise, uint64_t id);
  template <class Answer, class Promise>
  void take(const BulkRef& ref, Promise promise, uint64_t id);

  Self self_ = nullptr;
  RemoteLearnerSetup setup_;
  std::optional<HiredNode> node_;
  LearnerNode actor_;
  bool seated_ = false;
  uint64_t asked_ = 0;
  /// Tells who waits that there will be no answer: the end of an actor does not.
  std::map<uint64_t, std::function<void(const caf::error&)>> waiting_;
  std::deque<std::function<void()>> before_;  ///< what was asked before it had its seat
  BulkInbox inbox_;
};

/// Forwards messages to a `RemoteLearnerState`.
RemoteLearnerBody::behavior_type remote_learner(RemoteLearnerState::Self self,
                                                RemoteLearnerSetup setup);

}  // namespace nelumbo
