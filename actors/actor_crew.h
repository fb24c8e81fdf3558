// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include "actors/coordinator.h"
#include "actors/crew.h"
#include "actors/protocol.h"
#include "actors/roster.h"

namespace nelumbo {

class Cluster;

/// Whom to hire and where they write.
struct ActorCrewSetup {
  CrewSetup crew;
  Cluster* cluster = nullptr;  ///< where actors have processes of their own
  /// Makes a rollout actor elsewhere than in this process; empty: in it.
  std::function<HiredRollout(Roster&, const CoordinatorActor&)> hire_rollout = {};
  /// Makes the learner actor of a rank elsewhere; empty: in this process.
  std::function<LearnerActor(Roster&, int64_t rank)> hire_learner = {};
  std::unique_ptr<Ledger> ledger;           ///< none: samples are not recorded
  RunDirectory* directory = nullptr;        ///< none: nothing is shown or traced
  std::shared_ptr<CrashBook> crashes = {};  ///< none: no prompt is ever suspected
  std::string status_path = {};  ///< where `nelumbo top` reads; empty: nothing is written
  decltype(PipelineSetup::traces) traces;
  std::function<void(const MetricsLine&)> on_metrics;
  std::function<void(const std::string&)> warn;
};

/// The crew as actors of one system. Its owner's thread asks and waits.
class ActorCrew : public Crew {
 public:
  /// Makes a waiting caller's answer come: nothing in a real system; in tests it moves messages and
  /// virtual time until the argument says that something has arrived.
  using Pump = std::function<void(const std::function<bool()>& arrived)>;

  ActorCrew(caf::actor_system& system, Threads threads, ActorCrewSetup setup, Pump pump);
  ~ActorCrew() override;
  ActorCrew(const ActorCrew&) = delete;
  ActorCrew& operator=(const ActorCrew&) = delete;

  /// Ends all actors, in the order that stands in coordinator.h.
  void dismiss();
  /// Whether all have ended before the deadline.
  bool wait_until_gone(std::chrono::milliseconds deadline) const;

  Result<Metrics> train_tokens(TokenJob job) override;
  Result<Shared<TokenValidation>> validate_tokens(
      Shared<std::vector<TrainingGroup>> groups) override;
  Result<Metrics> train_policy(PolicyJob job) override;
  Result<Metrics> train_preferences(PreferenceJob job) override;
  Result<Shared<PreferenceScores>> score_preferences(PreferenceJob job) override;
  Result<Shared<WeightSet>> score_model(PreferenceKind kind) override;
  Result<Shared<WeightSet>> weights() override;
  Result<void> restart(Shared<WeightSet> weights) override;
  Result<Shared<WeightSet>> save() override;
  Result<void> restore(Shared<WeightSet> saved) override;
  Result<void> publish(Shared<WeightSet> weights, PolicyVersion version) override;
  void ask(AnswerJob job) override;
  bool answers_come(const std::function<bool()>& give_up) override;
  Result<Shared<std::vector<ScoredGroup>>> answers() override;
  void feed(AnswerJob job) override;
  Result<Shared<std::vector<ScoredGroup>>> take() override;
  Result<CrewCounts> counts() override;
  void note(std::vector<LedgerRecord> records) override;
  Result<LedgerCounts> commit() override;
  void show(MetricsLine line) override;
  void trace(const std::string& stage, int64_t step,
             Shared<std::vector<ScoredGroup>> groups) override;

 private:
  template <class T, class Handle, class... Ts>
  Result<T> ask(const Handle& whom, double seconds, const std::string& who, Ts&&... message);
  /// The answer to a request that `asker` sent.
  template <class T, class Pending>
  Result<T> wait(caf::scoped_actor& asker, Pending& pending, const std::string& who);
  double patience(int64_t groups) const;
  void watch(const std::string& path, Cluster* cluster);
  void hire_learners(const ActorCrewSetup& setup);
  Error trouble_of_learners(const Error& heard) const;
  /// What the first rank answers, which must be able to do it alone.
  template <class T, class... Ts>
  Result<T> ask_learner(const std::string& what, const Ts&... message);
  /// Asks all ranks; what the first answers when all have done it, or the error of the rank where
  /// the trouble began.
  template <class T, class... Ts>
  Result<T> ask_ranks(const std::string& what, const Ts&... message);
  template <class T, class... Ts>
  Result<T> ask_holders(const std::string& what, const Ts&... message);

  std::shared_ptr<StageActivity> stage_ = std::make_shared<StageActivity>();
  Roster roster_;
  Pump pump_;
  PlacementConfig placement_;
  std::shared_ptr<const RewardSpec> reward_;
  caf::scoped_actor self_;     ///< asks for everything but answers
  caf::scoped_actor drawing_;  ///< asks for answers, which may come while `self_` waits
  CoordinatorActor coordinator_;
  using PendingAnswers = decltype(std::declval<caf::scoped_actor&>()->request(
      std::declval<const CoordinatorActor&>(), std::chrono::milliseconds(), AnswerAtom::value,
      std::declval<Shared<AnswerJob>>()));
  std::optional<PendingAnswers> asked_;
  int64_t fed_ = 0;                     ///< groups that were fed and not taken
  std::vector<LearnerActor> learners_;  ///< by rank
  std::stop_source learner_stop_;
  struct FirstDeath;
  std::shared_ptr<FirstDeath> learner_death_;  ///< which rank ended first, and why
  LedgerActor ledger_;
  MonitorActor monitor_;
};

}  // namespace nelumbo
