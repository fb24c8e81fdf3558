// SPDX-License-Identifier: Apache-2.0
#include "actors/learner_node.h"

#include <utility>

#include <caf/typed_response_promise.hpp>

namespace nelumbo {
namespace {

Bytes written(const Metrics& metrics) {
  return to_wire(metrics);
}
template <class T>
Bytes written(const Shared<T>& value) {
  return to_wire(*value);
}

}  // namespace

void LearnerNodeState::start(Self self, LearnerNodeSetup setup) {
  self_ = self;
  setup_ = std::move(setup);
}

bool LearnerNodeState::take(const LearnerSeat& seat) {
  LearnerSetup setup{
      .make = setup_.make,
      .meeting = seat.ranks > 1 ? RankMeeting::at_file(seat.meeting, rank_link(seat.collectives))
                                : nullptr,
      .rank = seat.rank,
      .ranks = seat.ranks,
      .sharding = sharding(seat.sharding),
      .patience = setup_.deadline / 2,
      .stop = setup_.stop};
  learner_ = self_->spawn<caf::detached + caf::monitored>(learner_actor, std::move(setup));
  return true;
}

caf::result<BulkRef> LearnerNodeState::learn(LearnKind kind, const BulkRef& ref) {
  auto promise = self_->make_response_promise<BulkRef>();
  inbox_.fetch(*setup_.channel, "", ref, LearnerNodeBody(self_),
               [this, kind, promise](const Fetched& fetched) { learn(kind, fetched, promise); });
  return promise;
}

void LearnerNodeState::learn(LearnKind kind, const Fetched& fetched, Promise promise) {
  if (!learner_ || !fetched) {
    promise.deliver(to_caf_error(
        fetched ? Error{Errc::kUnavailable, "a learner was asked before it had its seat"}
                : fetched.error()));
    return;
  }
  switch (kind) {
    case LearnKind::kTrainTokens:
      return ask<Metrics>(value_of<TokenJob>(fetched), promise, TrainAtom::value);
    case LearnKind::kTrainPolicy:
      return ask<Metrics>(value_of<PolicyJob>(fetched), promise, TrainAtom::value);
    case LearnKind::kValidate:
      return ask<Shared<TokenValidation>>(value_of<std::vector<TrainingGroup>>(fetched), promise,
                                          ValidateAtom::value);
    case LearnKind::kWeights:
      return ask<Shared<WeightSet>, Nothing>(Nothing(), promise, WeightsAtom::value);
    case LearnKind::kRestart:
      return ask<void>(value_of<WeightSet>(fetched), promise, RestartAtom::value);
    case LearnKind::kSave:
      return ask<Shared<WeightSet>, Nothing>(Nothing(), promise, SaveAtom::value);
    case LearnKind::kRestore:
      return ask<void>(value_of<WeightSet>(fetched), promise, RestoreAtom::value);
    case LearnKind::kTrainPreferences:
      return ask<Metrics>(value_of<PreferenceJob>(fetched), promise, TrainAtom::value);
    case LearnKind::kScorePreferences:
      return ask<Shared<PreferenceScores>>(value_of<PreferenceJob>(fetched), promise,
                                           ScoreAtom::value);
    case LearnKind::kScoreModel:
      return ask<Shared<WeightSet>>(value_of<PreferenceJob>(fetched), promise, WeightsAtom::value);
  }
  promise.deliver(to_caf_error({Errc::kBadData, "a learner was asked for nothing that it knows"}));
}

template <class Answer, class Question, class Atom>
void LearnerNodeState::ask(Result<Question> question, Promise promise, Atom atom) {
  if (!question) {
    promise.deliver(to_caf_error(question.error()));
    return;
  }
  auto answer = [this, promise](Bytes bytes) mutable {
    promise.deliver(setup_.channel->offer(share(std::move(bytes))));
  };
  auto refuse = [promise](const caf::error& error) mutable { promise.deliver(error); };
  const auto listen = [&](auto pending) {
    if constexpr (std::is_void_v<Answer>)
      pending.then([answer]() mutable { answer(Bytes()); }, refuse);
    else
      pending.then([answer](const Answer& value) mutable { answer(written(value)); }, refuse);
  };
  if constexpr (std::is_same_v<Question, Nothing>)
    listen(self_->request(learner_, setup_.deadline, atom));
  else
    listen(self_->request(learner_, setup_.deadline, atom, share(std::move(question).value())));
}

LearnerNodeBody::behavior_type learner_node(LearnerNodeState::Self self, LearnerNodeSetup setup) {
  self->set_exception_handler([](std::exception_ptr& e) { return error_of_exception(e); });
  // The learner actor beside it has ended, which it does not do while it is well.
  self->set_down_handler([self](const caf::down_msg& message) { self->quit(message.reason); });
  LearnerNodeState* state = &self->state;
  state->start(self, std::move(setup));
  return {
      [state](SeatAtom, const LearnerSeat& seat) { return state->take(seat); },
      [state](LearnAtom, LearnKind kind, const BulkRef& ref) { return state->learn(kind, ref); },
      [state](FreeAtom, const BulkRef& ref) { state->free(ref); },
      [state](FetchedAtom, uint64_t id, const Shared<Fetched>& fetched) {
        state->arrived(id, *fetched);
      },
  };
}

}  // namespace nelumbo
