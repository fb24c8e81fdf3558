// SPDX-License-Identifier: Apache-2.0
#include "actors/actor_crew.h"

#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "actors/cluster.h"
#include "actors/learner_actor.h"
#include "actors/ledger_actor.h"
#include "actors/monitor_actor.h"
#include "actors/reward_actor.h"
#include "actors/rollout_actor.h"
#include "actors/status_actor.h"
#include "base/check.h"

namespace nelumbo {
namespace {

constexpr double kDiskDeadline = 60;  // seconds for what waits for the disk only
constexpr double kStopDeadline = 10;
constexpr double kControlDeadline = 60;  // seconds for what waits for nothing

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
}

std::string waits_for(const std::string& what) {
  return "the stage waited for " + what + " (placement.learner_deadline)";
}

/// Of requests that are answered. A blocking actor keeps them, and each would become a message that
/// nobody ever takes. REQUIRES: it waits for nothing.
void forget_deadlines(caf::scoped_actor& asker) {
  asker->clock().cancel_timeouts(asker.ptr());
}

/// A pooled actor must not block: it only falls silent.
void fall_silent(const std::stop_token& /*token*/) {}

}  // namespace

/// Actors end on threads of their own.
struct ActorCrew::FirstDeath {
  std::mutex guard;
  std::optional<Error> why;
};

ActorCrew::ActorCrew(caf::actor_system& system, Threads threads, ActorCrewSetup setup, Pump pump)
    : roster_(system, threads),
      pump_(std::move(pump)),
      placement_(setup.crew.placement),
      reward_(setup.crew.reward),
      self_(system),
      drawing_(system),
      learner_death_(std::make_shared<FirstDeath>()) {
  RolloutSetup rollout{
      setup.crew.make_engine, setup.crew.fault, threads == Threads::kOwn ? hang : fall_silent, {}};
  if (setup.ledger) {
    auto handed = std::make_shared<std::unique_ptr<Ledger>>(std::move(setup.ledger));
    ledger_ = roster_.heavy({}, ledger_actor, std::move(handed));
  }
  if (setup.directory != nullptr)
    monitor_ =
        roster_.heavy({}, monitor_actor,
                      MonitorSetup{setup.directory, setup.on_metrics, setup.traces, setup.warn});
  if (setup.crew.make_learner)
    hire_learners(setup);
  CoordinatorSetup lead;
  lead.hire_rollout = [this, rollout,
                       elsewhere = setup.hire_rollout](CoordinatorActor coordinator) {
    if (elsewhere)
      return elsewhere(roster_, coordinator);
    HiredRollout hired;
    RolloutSetup own = rollout;
    own.stop = hired.stop.get_token();
    hired.actor = roster_.heavy(hired.stop, rollout_actor, std::move(coordinator), std::move(own));
    return hired;
  };
  lead.hire_reward = [this, reward = setup.crew.reward] {
    const bool waits = reward && reward->asks_judges();
    return waits ? roster_.heavy({}, reward_actor, reward) : roster_.light(reward_actor, reward);
  };
  lead.retries = [reward = setup.crew.reward](const Prompt& prompt) {
    return reward ? reward->on_failure(prompt, Outcome::Kind::kInfraError).retries : 0;
  };
  lead.crashes = std::move(setup.crashes);
  lead.ledger = ledger_;
  lead.placement = placement_;
  lead.slots = setup.crew.slots;
  lead.warn = setup.warn ? setup.warn : [](const std::string&) {};
  coordinator_ = roster_.light(coordinator, std::move(lead));
  if (setup.cluster != nullptr && placement_.most_rollouts > 0)
    setup.cluster->watch_spares(coordinator_);
  if (!setup.status_path.empty())
    watch(setup.status_path, setup.cluster);
}

void ActorCrew::watch(const std::string& path, Cluster* cluster) {
  StatusSetup status{.path = path,
                     .stage = stage_,
                     .learners = std::ssize(learners_),
                     .coordinator = coordinator_};
  if (cluster != nullptr) {
    status.door = cluster->door();
    status.bytes_on_offer = [cluster] { return cluster->bytes_on_offer(); };
  }
  roster_.heavy({}, status_actor, std::move(status));
}

void ActorCrew::hire_learners(const ActorCrewSetup& setup) {
  const int64_t ranks = placement_.learners;
  LearnerSetup own{
      .make = setup.crew.make_learner,
      .meeting = ranks > 1 ? RankMeeting::in_process(rank_link(placement_.collectives)) : nullptr,
      .ranks = ranks,
      .sharding = sharding(placement_.sharding),
      // Half of what the stage waits: who did not come is then still told.
      .patience = milliseconds(placement_.learner_deadline / 2),
      .stop = learner_stop_.get_token()};
  for (own.rank = 0; own.rank < ranks; ++own.rank) {
    learners_.push_back(setup.hire_learner ? setup.hire_learner(roster_, own.rank)
                                           : roster_.heavy(learner_stop_, learner_actor, own));
    caf::actor_cast<caf::abstract_actor*>(learners_.back())
        ->attach_functor([death = learner_death_, rank = own.rank](const caf::error& reason) {
          const std::lock_guard lock(death->guard);
          if (!death->why)
            death->why = from_caf_error(reason, "learner rank " + std::to_string(rank));
        });
  }
}

ActorCrew::~ActorCrew() {
  dismiss();
}

void ActorCrew::dismiss() {
  if (reward_)
    reward_->cancel_judges();
  if (coordinator_)
    // A coordinator that is dead already is no trouble here: the roster knows whom it hired.
    (void)ask<void>(coordinator_, kStopDeadline, "the end of the run", StopAtom::value);
  roster_.dismiss_all();
  coordinator_ = nullptr;
  learners_.clear();
  ledger_ = nullptr;
  monitor_ = nullptr;
}

bool ActorCrew::wait_until_gone(std::chrono::milliseconds deadline) const {
  return roster_.wait_until_empty(deadline);
}

/// Sends a request and waits for its answer, which comes before the deadline or is an error.
template <class T, class Handle, class... Ts>
Result<T> ActorCrew::ask(const Handle& whom, double seconds, const std::string& who,
                         Ts&&... message) {
  if (!whom)
    return Error{Errc::kUnavailable, who + ": no such actor in this run"};
  auto pending = self_->request(whom, milliseconds(seconds), std::forward<Ts>(message)...);
  Result<T> answer = wait<T>(self_, pending, who);
  forget_deadlines(self_);
  return answer;
}

template <class T, class Pending>
Result<T> ActorCrew::wait(caf::scoped_actor& asker, Pending& pending, const std::string& who) {
  if (pump_)
    pump_([&asker] { return asker->has_next_message(); });
  Result<T> answer = Error{Errc::kUnavailable, who};
  const auto refused = [&](const caf::error& error) { answer = from_caf_error(error, who); };
  if constexpr (std::is_void_v<T>)
    pending.receive([&] { answer = Result<void>(); }, refused);
  else
    pending.receive([&](const T& value) { answer = value; }, refused);
  return answer;
}

/// Why a learner did not answer: the end of the rank that ended first tells more than that of a
/// request.
Error ActorCrew::trouble_of_learners(const Error& heard) const {
  const std::lock_guard lock(learner_death_->guard);
  return learner_death_->why ? *learner_death_->why : heard;
}

template <class T, class... Ts>
Result<T> ActorCrew::ask_learner(const std::string& what, const Ts&... message) {
  return ask<T>(learners_.empty() ? LearnerActor() : learners_.front(), placement_.learner_deadline,
                waits_for(what), message...);
}

template <class T, class... Ts>
Result<T> ActorCrew::ask_ranks(const std::string& what, const Ts&... message) {
  if (learners_.size() <= 1)
    return ask_learner<T>(what, message...);
  using Pending = decltype(self_->request(learners_.front(), milliseconds(0), message...));
  std::vector<Pending> pending;
  for (const LearnerActor& learner : learners_)
    pending.push_back(
        self_->request(learner, milliseconds(placement_.learner_deadline), message...));
  std::vector<Result<T>> answers;
  std::optional<Error> trouble;
  for (size_t r = 0; r < pending.size(); ++r) {
    answers.push_back(
        wait<T>(self_, pending[r], "learner rank " + std::to_string(r) + ": " + waits_for(what)));
    if (answers.back())
      continue;
    learner_stop_.request_stop();  // nobody waits for the rank that failed
    // Ranks that were left alone are unavailable; where it began there mostly is another reason.
    if (!trouble || trouble->code == Errc::kUnavailable)
      trouble = answers.back().error();
  }
  forget_deadlines(self_);
  if (trouble)
    return trouble_of_learners(*trouble);
  return std::move(answers.front());
}

/// Of those whose answer the first rank has: all of them where none holds the whole policy.
template <class T, class... Ts>
Result<T> ActorCrew::ask_holders(const std::string& what, const Ts&... message) {
  return sharding(placement_.sharding) == Sharding::kFull ? ask_ranks<T>(what, message...)
                                                          : ask_learner<T>(what, message...);
}

Result<Metrics> ActorCrew::train_tokens(TokenJob job) {
  const StageActivity::Waiting waiting(*stage_, "a learner step", true);
  return ask_ranks<Metrics>("a learner step", TrainAtom::value, share(std::move(job)));
}

Result<Shared<TokenValidation>> ActorCrew::validate_tokens(
    Shared<std::vector<TrainingGroup>> groups) {
  const StageActivity::Waiting waiting(*stage_, "the learner's validation", true);
  return ask_holders<Shared<TokenValidation>>("the learner's validation", ValidateAtom::value,
                                              groups);
}

Result<Metrics> ActorCrew::train_policy(PolicyJob job) {
  const StageActivity::Waiting waiting(*stage_, "a learner step", true);
  return ask_ranks<Metrics>("a learner step", TrainAtom::value, share(std::move(job)));
}

Result<Metrics> ActorCrew::train_preferences(PreferenceJob job) {
  return ask_ranks<Metrics>("a learner step", TrainAtom::value, share(std::move(job)));
}

Result<Shared<PreferenceScores>> ActorCrew::score_preferences(PreferenceJob job) {
  return ask_holders<Shared<PreferenceScores>>("the learner's scores", ScoreAtom::value,
                                               share(std::move(job)));
}

Result<Shared<WeightSet>> ActorCrew::score_model(PreferenceKind kind) {
  return ask_holders<Shared<WeightSet>>("the learner's score model", WeightsAtom::value,
                                        share(PreferenceJob{.kind = kind}));
}

Result<Shared<WeightSet>> ActorCrew::weights() {
  const StageActivity::Waiting waiting(*stage_, "the learner's weights", true);
  return ask_holders<Shared<WeightSet>>("the learner's weights", WeightsAtom::value);
}

Result<void> ActorCrew::restart(Shared<WeightSet> weights) {
  const StageActivity::Waiting waiting(*stage_, "the learner to take weights", true);
  return ask_ranks<void>("the learner", RestartAtom::value, weights);
}

Result<Shared<WeightSet>> ActorCrew::save() {
  const StageActivity::Waiting waiting(*stage_, "the learner's state", true);
  return ask_ranks<Shared<WeightSet>>("the learner's state", SaveAtom::value);
}

Result<void> ActorCrew::restore(Shared<WeightSet> saved) {
  const StageActivity::Waiting waiting(*stage_, "the learner to take its state", true);
  return ask_ranks<void>("the learner", RestoreAtom::value, saved);
}

Result<void> ActorCrew::publish(Shared<WeightSet> weights, PolicyVersion version) {
  const StageActivity::Waiting waiting(*stage_, "rollout actors to load weights");
  stage_->publish(static_cast<uint64_t>(version));
  const double lives = static_cast<double>(placement_.restarts + 2);
  auto done = ask<PolicyVersion>(coordinator_, placement_.rollout_deadline * lives,
                                 "the stage waited for rollout actors to load weights "
                                 "(placement.rollout_deadline)",
                                 PublishAtom::value, std::move(weights), version);
  if (!done)
    return done.error();
  return {};
}

/// For so many groups. The coordinator's own deadlines are tighter; this one only bounds a
/// coordinator that is dead.
double ActorCrew::patience(int64_t groups) const {
  const double lives = static_cast<double>(placement_.restarts + 2);
  const double each = placement_.rollout_deadline + placement_.reward_deadline;
  return each * (lives + static_cast<double>(groups));
}

void ActorCrew::ask(AnswerJob job) {
  NELUMBO_CHECK(!asked_) << "answers were asked for twice";
  const double seconds = patience(std::ssize(job.requests));
  asked_ = drawing_->request(coordinator_, milliseconds(seconds), AnswerAtom::value,
                             share(std::move(job)));
}

bool ActorCrew::answers_come(const std::function<bool()>& give_up) {
  constexpr std::chrono::milliseconds kLook{100};
  const StageActivity::Waiting waiting(*stage_, "answers");
  if (pump_)
    pump_([this] { return drawing_->has_next_message(); });
  while (!drawing_->await_data(std::chrono::high_resolution_clock::now() + kLook))
    if (give_up())
      return false;
  return true;
}

Result<Shared<std::vector<ScoredGroup>>> ActorCrew::answers() {
  NELUMBO_CHECK(asked_.has_value()) << "nothing was asked";
  const StageActivity::Waiting waiting(*stage_, "answers");
  auto pending = *std::exchange(asked_, std::nullopt);
  auto answers = wait<Shared<std::vector<ScoredGroup>>>(
      drawing_, pending,
      "the stage waited for answers (placement.rollout_deadline and reward_deadline)");
  forget_deadlines(drawing_);
  return answers;
}

void ActorCrew::feed(AnswerJob job) {
  fed_ += std::ssize(job.requests);
  self_->send(coordinator_, FeedAtom::value, share(std::move(job)));
}

Result<Shared<std::vector<ScoredGroup>>> ActorCrew::take() {
  NELUMBO_CHECK(fed_ > 0) << "nothing is being answered";
  const StageActivity::Waiting waiting(*stage_, "answers");
  auto taken = ask<Shared<std::vector<ScoredGroup>>>(
      coordinator_, patience(fed_),
      "the stage waited for answers (placement.rollout_deadline and reward_deadline)",
      TakeAtom::value);
  if (taken)
    fed_ -= std::ssize(*taken.value());
  return taken;
}

Result<CrewCounts> ActorCrew::counts() {
  return ask<CrewCounts>(coordinator_, kControlDeadline, "the stage waited for the coordinator",
                         CountAtom::value);
}

void ActorCrew::note(std::vector<LedgerRecord> records) {
  if (ledger_ && !records.empty())
    self_->send(ledger_, NoteAtom::value, std::move(records));
}

Result<LedgerCounts> ActorCrew::commit() {
  const StageActivity::Waiting waiting(*stage_, "the disk");
  if (monitor_)
    if (auto done = ask<void>(monitor_, kDiskDeadline, "the stage waited for the monitor",
                              CommitAtom::value);
        !done)
      return done.error();
  if (!ledger_)
    return LedgerCounts();
  return ask<LedgerCounts>(ledger_, kDiskDeadline, "the stage waited for the ledger",
                           CommitAtom::value);
}

void ActorCrew::show(MetricsLine line) {
  stage_->show(line.stage, line.step);
  if (monitor_)
    self_->send(monitor_, ShowAtom::value, std::move(line));
}

void ActorCrew::trace(const std::string& stage, int64_t step,
                      Shared<std::vector<ScoredGroup>> groups) {
  if (monitor_)
    self_->send(monitor_, TraceAtom::value, stage, step, std::move(groups));
}

}  // namespace nelumbo
