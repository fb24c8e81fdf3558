// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/answer_book.h"
#include "actors/crash_book.h"
#include "actors/lease_book.h"
#include "actors/protocol.h"
#include "actors/score_queue.h"

// Order of a healthy end: the stage loop is done, the ledger and the monitor have committed; the
// coordinator stops its rollout actors (token first, then an exit message) and its reward actors
// and ends; then learner, ledger and monitor end. A crash takes the same way: the loop got an error
// instead of an answer, nothing new is leased, and what was in flight is dropped by the next
// opening of the ledger.

namespace nelumbo {

/// A rollout actor and the switch that interrupts its work.
struct HiredRollout {
  RolloutActor actor;
  std::stop_source stop;
};

struct CoordinatorSetup {
  std::function<HiredRollout(CoordinatorActor)> hire_rollout;
  std::function<RewardActor()> hire_reward;
  LedgerActor ledger;  ///< may be none
  PlacementConfig placement;
  int64_t slots = 1;
  std::function<void(const std::string&)> warn;
  /// How often a group is scored again whose reward actor failed. May be empty: never.
  std::function<int64_t(const Prompt&)> retries = {};
  std::shared_ptr<CrashBook> crashes = {};  ///< none: no prompt is ever suspected
};

/// Turns the lease book's decisions into messages.
class CoordinatorState {
 public:
  static inline const char* name = "coordinator";
  using Self = CoordinatorActor::stateful_pointer<CoordinatorState>;
  using Answers = Shared<std::vector<ScoredGroup>>;
  using Clock = StageActivity::Clock;

  void start(Self self, CoordinatorSetup setup);
  caf::result<PolicyVersion> publish(Shared<WeightSet> weights, PolicyVersion version);
  caf::result<Answers> answer(const Shared<AnswerJob>& job);
  void feed(const Shared<AnswerJob>& job);
  caf::result<Answers> take();
  void deliver(const LeaseTicket& ticket, const Shared<Group>& group);
  void refuse(const LeaseTicket& ticket, const std::string& why);
  void tick();
  void lease_out();
  void lost(const caf::down_msg& message);
  /// Hires one more, where there may be more.
  void grow();
  CrewCounts counts() const;
  Shared<std::vector<Activity>> activities() const;
  void stop();

 private:
  /// A rollout actor and what is shown of it.
  struct Member {
    HiredRollout rollout;
    Clock::time_point hired, since;  ///< since: when it got or gave back work, or got weights
    int64_t delivered = 0;
  };

  /// Has groups answered.
  void add(const Shared<AnswerJob>& job);
  /// Gives answers to who waits for them, if there are.
  void hand_over();
  void hire();
  void touch(Session session);
  /// Says yes to who waits for all to have the version, if they have.
  void publish_if_current();
  void load(Session session);
  void acknowledged(Session session, PolicyVersion version);
  void replace(Session session, const std::string& cause);
  void dismiss(const HiredRollout& hired);
  void fail(const Error& error);
  /// Answers groups of prompts in quarantine by outcomes that say so.
  void refuse_quarantined();
  void plan_tick();
  /// Has a group scored when a reward actor is free; `attempt` times it went wrong before.
  void score(const Shared<Group>& group, int64_t attempt = 0);
  void hand_out();
  void give(size_t slot, const Shared<Group>& group, int64_t attempt);
  bool tries_again(const Group& group, int64_t attempt) const;
  void unscorable(size_t slot, const Shared<Group>& group, const caf::error& error);
  void collect(int64_t job, const ScoredGroup& scored);
  /// Records `fate` of each sample of a group, if the job is recorded at all.
  void note(const GroupRequest& request, Fate fate, uint64_t number);
  void note(std::vector<LedgerRecord> records);

  Self self_ = nullptr;
  CoordinatorSetup setup_;
  std::optional<LeaseBook> book_;
  std::map<Session, Member> hired_;
  std::vector<RewardActor> rewards_;
  ScoreQueue scores_;  ///< of `rewards_`
  Shared<WeightSet> weights_;
  PolicyVersion version_{};
  std::optional<caf::typed_response_promise<PolicyVersion>> publishing_;
  AnswerBook answers_;
  std::optional<caf::typed_response_promise<Answers>> waiting_;  ///< for answers
  std::optional<Error> broken_;  ///< the budget is spent: nothing is served any more
  int64_t reward_restarts_ = 0;
  Clock::time_point since_ = Clock::now();  ///< when it began to wait for what it waits for
  std::optional<Clock::time_point> tick_at_;
};

/// Forwards `CoordinatorActor` messages to a `CoordinatorState`.
CoordinatorActor::behavior_type coordinator(CoordinatorState::Self self, CoordinatorSetup setup);

}  // namespace nelumbo
