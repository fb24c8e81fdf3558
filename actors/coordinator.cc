// SPDX-License-Identifier: Apache-2.0
#include "actors/coordinator.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include "actors/coordinator_rows.h"
#include "actors/reward_actor.h"
#include "actors/sample_records.h"
#include "base/duration.h"
#include "base/kill_point.h"

namespace nelumbo {
namespace {

constexpr const char* kQuarantined = "in quarantine, since two processes crashed over it";
constexpr const char* kSlow =
    " is slow: it has a group for much longer than others take; it gets no more for a while, and "
    "others answer its groups, too";

std::string text(Session session) {
  return "rollout actor " + std::to_string(static_cast<uint64_t>(session));
}

}  // namespace

void CoordinatorState::start(Self self, CoordinatorSetup setup) {
  self_ = self;
  setup_ = std::move(setup);
  const PlacementConfig& placement = setup_.placement;
  book_.emplace(LeaseRules{.deadline = duration_of(placement.rollout_deadline),
                           .slots = setup_.slots,
                           .restarts = placement.restarts,
                           .crashes = setup_.crashes});
  for (int64_t i = 0; i < placement.rewards; ++i)
    rewards_.push_back(setup_.hire_reward());
  scores_ = ScoreQueue(placement.rewards);
  for (int64_t i = 0; i < placement.rollouts; ++i)
    hire();
}

void CoordinatorState::hire() {
  const Session session = book_->hire();
  HiredRollout hired = setup_.hire_rollout(self_);
  self_->monitor(hired.actor);
  const auto now = self_->clock().now();
  hired_.emplace(session, Member{std::move(hired), now, now});
  if (weights_)
    load(session);
}

void CoordinatorState::load(Session session) {
  self_
      ->request(hired_.at(session).rollout.actor, duration_of(setup_.placement.rollout_deadline),
                LoadAtom::value, weights_, version_)
      .then([this, session](PolicyVersion version) { acknowledged(session, version); },
            [this, session, asked = version_](const caf::error& error) {
              if (asked == version_)  // a newer one is on its way otherwise
                replace(session, from_caf_error(error, "loading weights").message);
            });
}

void CoordinatorState::acknowledged(Session session, PolicyVersion version) {
  book_->acknowledge(session, version);
  kill_point("coordinator/acknowledged");
  touch(session);
  publish_if_current();
  lease_out();
}

void CoordinatorState::publish_if_current() {
  if (!publishing_ || !book_->all_current(self_->clock().now()))
    return;
  since_ = self_->clock().now();
  std::exchange(publishing_, std::nullopt)->deliver(version_);
}

void CoordinatorState::touch(Session session) {
  if (const auto member = hired_.find(session); member != hired_.end())
    member->second.since = self_->clock().now();
}

caf::result<PolicyVersion> CoordinatorState::publish(Shared<WeightSet> weights,
                                                     PolicyVersion version) {
  if (broken_)
    return to_caf_error(*broken_);
  if (publishing_ || (!answers_.empty() && !answers_.is_fed()))
    return to_caf_error({Errc::kUnavailable, "coordinator: weights came in the middle of a job"});
  weights_ = std::move(weights);
  version_ = version;
  book_->require(version);
  publishing_ = self_->make_response_promise<PolicyVersion>();
  since_ = self_->clock().now();
  const auto promise = *publishing_;
  for (Session session : book_->members())
    load(session);
  return promise;
}

caf::result<CoordinatorState::Answers> CoordinatorState::answer(const Shared<AnswerJob>& job) {
  if (broken_)
    return to_caf_error(*broken_);
  if (!answers_.empty() || publishing_)
    return to_caf_error({Errc::kUnavailable, "coordinator: one job at a time"});
  waiting_ = self_->make_response_promise<Answers>();
  const auto promise = *waiting_;
  answers_.open(false);
  add(job);
  return promise;
}

void CoordinatorState::feed(const Shared<AnswerJob>& job) {
  if (answers_.empty())
    answers_.open(true);
  if (!broken_)  // `take` tells
    add(job);
}

caf::result<CoordinatorState::Answers> CoordinatorState::take() {
  if (broken_)
    return to_caf_error(*broken_);
  if (!answers_.is_fed() || waiting_)
    return to_caf_error({Errc::kUnavailable, "coordinator: nothing is being answered"});
  waiting_ = self_->make_response_promise<Answers>();
  const auto promise = *waiting_;
  hand_over();
  return promise;
}

void CoordinatorState::add(const Shared<AnswerJob>& job) {
  since_ = self_->clock().now();
  answers_.add(*job, since_);
  for (const GroupRequest& request : job->requests) {
    note(request, Fate::kIssued, 0);
    book_->add(Shared<GroupRequest>(job, &request));
  }
  kill_point("coordinator/issued");
  hand_over();
  lease_out();
}

void CoordinatorState::hand_over() {
  if (!waiting_)
    return;
  auto taken = answers_.take();
  if (!taken)
    return;
  since_ = self_->clock().now();
  std::exchange(waiting_, std::nullopt)->deliver(share(std::move(*taken)));
}

void CoordinatorState::lease_out() {
  refuse_quarantined();
  for (const Grant& grant : book_->assign(self_->clock().now())) {
    kill_point("coordinator/granted");
    note(*grant.request, Fate::kLeased, static_cast<uint64_t>(grant.ticket.session));
    if (book_->groups_of(grant.ticket.session) == 1)  // it had nothing to do before
      touch(grant.ticket.session);
    self_->send(hired_.at(grant.ticket.session).rollout.actor, LeaseAtom::value, grant.ticket,
                grant.request);
  }
  plan_tick();
}

void CoordinatorState::refuse_quarantined() {
  for (const Shared<GroupRequest>& request : book_->take_quarantined()) {
    setup_.warn("prompt " + request->prompt->id + " is not answered: " + kQuarantined);
    collect(answers_.number(), unanswered(*request, version_, kQuarantined));
  }
}

void CoordinatorState::plan_tick() {
  const auto now = self_->clock().now();
  const auto next = book_->next_deadline(now);
  if (!next || (tick_at_ && *tick_at_ <= *next))
    return;
  tick_at_ = std::max<Clock::time_point>(*next, now + std::chrono::milliseconds(1));
  self_->delayed_send(self_, *tick_at_ - now, TickAtom::value);
}

void CoordinatorState::tick() {
  const auto now = self_->clock().now();
  if (!tick_at_ || now < *tick_at_)
    return;  // an earlier one was planned behind it
  tick_at_.reset();
  const std::string limit = std::to_string(setup_.placement.rollout_deadline);
  for (Session session : book_->overdue(now))
    replace(session, "the coordinator waited for a group longer than the " + limit +
                         " s of placement.rollout_deadline");
  for (Session session : book_->rest_slow(now))
    setup_.warn(text(session) + kSlow);
  lease_out();
}

void CoordinatorState::lost(const caf::down_msg& message) {
  for (const auto& [session, hired] : hired_)
    if (hired.rollout.actor.address() == message.source)
      return replace(session, from_caf_error(message.reason, "it").message);
}

void CoordinatorState::replace(Session session, const std::string& cause) {
  if (!book_->knows(session) || broken_)
    return;
  // One that joined beyond those that there must be leaves as it came.
  const bool needed = std::ssize(hired_) <= setup_.placement.rollouts;
  setup_.warn(text(session) + (needed ? " is replaced: " : " has left: ") + cause);
  const auto hired = hired_.extract(session);
  dismiss(hired.mapped().rollout);
  if (auto within = book_->dismiss(session, cause, needed, self_->clock().now()); !within)
    return fail(within.error());
  if (setup_.crashes)
    self_->delayed_send(self_, LeaseBook::kVerdict, RestAtom::value);
  if (needed)
    hire();
  else
    publish_if_current();
  lease_out();
}

void CoordinatorState::grow() {
  if (!broken_ && std::ssize(hired_) < setup_.placement.most_rollouts)
    hire();
}

void CoordinatorState::dismiss(const HiredRollout& hired) {
  self_->demonitor(hired.actor.address());
  std::stop_source(hired.stop).request_stop();
  self_->send_exit(hired.actor, caf::exit_reason::user_shutdown);
}

void CoordinatorState::fail(const Error& error) {
  broken_ = error;
  book_->clear();
  scores_.clear();
  if (publishing_)
    std::exchange(publishing_, std::nullopt)->deliver(to_caf_error(error));
  answers_.clear(self_->clock().now());
  if (waiting_)
    std::exchange(waiting_, std::nullopt)->deliver(to_caf_error(error));
}

void CoordinatorState::refuse(const LeaseTicket& ticket, const std::string& why) {
  if (book_->finish(ticket, self_->clock().now()))
    fail({Errc::kBadData, why});
}

void CoordinatorState::deliver(const LeaseTicket& ticket, const Shared<Group>& group) {
  if (!book_->finish(ticket, self_->clock().now()) || answers_.empty())
    return;
  if (const auto member = hired_.find(ticket.session); member != hired_.end())
    ++member->second.delivered;
  if (book_->groups_of(ticket.session) == 0)
    touch(ticket.session);
  GroupRequest done;
  done.id = group->id;
  done.samples = static_cast<int32_t>(group->trajectories.size());
  note(done, Fate::kGenerated, static_cast<uint64_t>(version_));
  kill_point("coordinator/delivered");
  score(group);
  lease_out();
}

void CoordinatorState::collect(int64_t job, const ScoredGroup& scored) {
  if (answers_.empty() || answers_.number() != job)
    return;
  if (const auto incarnation = answers_.incarnation())
    note(score_records(scored, *incarnation));
  kill_point("coordinator/scored");
  answers_.collect(job, scored, self_->clock().now());
  hand_over();
}

void CoordinatorState::note(const GroupRequest& request, Fate fate, uint64_t number) {
  if (const auto incarnation = answers_.incarnation())
    note(records_of(request, *incarnation, fate, number));
}

void CoordinatorState::note(std::vector<LedgerRecord> records) {
  if (setup_.ledger && !records.empty())
    self_->send(setup_.ledger, NoteAtom::value, std::move(records));
}

CrewCounts CoordinatorState::counts() const {
  return {book_->restarts() + reward_restarts_, book_->fenced(),
          answers_.seconds(self_->clock().now())};
}

Shared<std::vector<Activity>> CoordinatorState::activities() const {
  const auto now = self_->clock().now();
  Activity own{"coordinator", true, "the stage", seconds_between(since_, now)};
  if (broken_)
    own.what = "its end: " + broken_->message;
  else if (publishing_)
    own.what = "rollout actors to have weights " + std::to_string(static_cast<uint64_t>(version_));
  else if (!answers_.empty())
    own.what = answers_.text();
  own.version = static_cast<uint64_t>(version_);
  own.queue = book_->waiting();
  std::vector<Activity> rows = {own};
  for (const auto& [session, member] : hired_)
    rows.push_back(rollout_row({.who = text(session),
                                .groups = book_->groups_of(session),
                                .delivered = member.delivered,
                                .seconds = seconds_between(member.since, now),
                                .lived = seconds_between(member.hired, now),
                                .version = book_->version_of(session),
                                .current = weights_ ? std::optional(version_) : std::nullopt,
                                .rests = book_->rests(session, now)}));
  rows.push_back(reward_row(std::ssize(rewards_), scores_.size()));
  return share(std::move(rows));
}

void CoordinatorState::stop() {
  for (const auto& [session, hired] : hired_)
    dismiss(hired.rollout);
  for (const RewardActor& reward : rewards_)
    self_->send_exit(reward, caf::exit_reason::user_shutdown);
  self_->quit();
}

CoordinatorActor::behavior_type coordinator(CoordinatorState::Self self, CoordinatorSetup setup) {
  self->set_exception_handler([](std::exception_ptr& e) { return error_of_exception(e); });
  CoordinatorState* state = &self->state;
  self->set_down_handler([state](const caf::down_msg& message) { state->lost(message); });
  state->start(self, std::move(setup));
  return {
      [state](PublishAtom, const Shared<WeightSet>& weights, PolicyVersion version) {
        return state->publish(weights, version);
      },
      [state](AnswerAtom, const Shared<AnswerJob>& job) { return state->answer(job); },
      [state](FeedAtom, const Shared<AnswerJob>& job) { state->feed(job); },
      [state](TakeAtom) { return state->take(); },
      [state](DeliverAtom, const LeaseTicket& ticket, const Shared<Group>& group) {
        state->deliver(ticket, group);
      },
      [state](RefuseAtom, const LeaseTicket& ticket, const std::string& why) {
        state->refuse(ticket, why);
      },
      [state](TickAtom) { state->tick(); },
      [state](RestAtom) { state->lease_out(); },
      [state](SpareAtom) { state->grow(); },
      [state](CountAtom) { return state->counts(); },
      [state](WhoAtom) { return state->activities(); },
      [state](StopAtom) { state->stop(); },
  };
}

}  // namespace nelumbo
