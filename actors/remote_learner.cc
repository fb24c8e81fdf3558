// SPDX-License-Identifier: Apache-2.0
#include "actors/remote_learner.h"

#include <type_traits>
#include <utility>

#include <caf/typed_response_promise.hpp>

namespace nelumbo {
namespace {

/// The answer in the bytes: actors share what is large.
template <class Answer>
Result<Answer> answer_of(const Fetched& fetched) {
  if constexpr (std::is_same_v<Answer, Metrics>) {
    return value_of<Metrics>(fetched);
  } else {
    auto value = value_of<std::remove_const_t<typename Answer::element_type>>(fetched);
    if (!value)
      return value.error();
    return share(std::move(value).value());
  }
}
template <>
Result<caf::unit_t> answer_of(const Fetched& fetched) {
  if (!fetched)
    return fetched.error();
  return caf::unit;
}

template <class Object>
LearnQuestion about(LearnKind kind, const Shared<Object>& object) {
  return {kind, object, [object] { return to_wire(*object); }};
}

}  // namespace

void RemoteLearnerState::start(Self self, RemoteLearnerSetup setup) {
  self_ = self;
  setup_ = std::move(setup);
  self_->request(setup_.door, setup_.deadline, HireAtom::value, std::string("learner"))
      .then([this](const HiredNode& node) { hired(node); },
            [this](const caf::error& error) {
              end(error, "no learner process came within placement.learner_deadline");
            });
}

void RemoteLearnerState::hired(const HiredNode& node) {
  node_ = node;
  actor_ = caf::actor_cast<LearnerNode>(node.actor);
  self_->monitor(node.actor);
  self_->request(actor_, setup_.deadline, SeatAtom::value, setup_.seat)
      .then([this](bool) { seated(); },
            [this](const caf::error& error) { end(error, "the learner process took no seat"); });
}

void RemoteLearnerState::seated() {
  seated_ = true;
  for (auto& work : std::exchange(before_, {}))
    work();
}

void RemoteLearnerState::end(const caf::error& error, const std::string& who) {
  const caf::error cause = to_caf_error(from_caf_error(error, who));
  for (const auto& [id, tell] : std::exchange(waiting_, {}))
    tell(cause);
  self_->quit(cause);
}

template <class Answer>
caf::result<Answer> RemoteLearnerState::ask(const LearnQuestion& question) {
  auto promise = self_->make_response_promise<Answer>();
  const uint64_t id = ++asked_;
  waiting_[id] = [promise](const caf::error& error) mutable { promise.deliver(error); };
  const auto work = [this, question, promise, id] { send<Answer>(question, promise, id); };
  if (seated_)
    work();
  else
    before_.emplace_back(work);
  return promise;
}

template <class Answer, class Promise>
void RemoteLearnerState::send(const LearnQuestion& question, Promise promise, uint64_t id) {
  const BulkRef asked = setup_.offers->offer(question.object, question.write);
  self_->request(actor_, setup_.deadline, LearnAtom::value, question.kind, asked)
      .then(
          [this, asked, promise, id](const BulkRef& ref) {
            setup_.offers->withdraw(asked);
            take<Answer>(ref, promise, id);
          },
          [this, asked, id](const caf::error& error) {
            setup_.offers->withdraw(asked);
            if (auto waiting = waiting_.extract(id); !waiting.empty())
              waiting.mapped()(to_caf_error(from_caf_error(error, "its process " + node_->peer)));
          });
}

template <class Answer, class Promise>
void RemoteLearnerState::take(const BulkRef& ref, Promise promise, uint64_t id) {
  inbox_.fetch(*setup_.channel, node_->peer, ref, RemoteLearnerBody(self_),
               [this, ref, promise, id](const Fetched& fetched) mutable {
                 self_->send(actor_, FreeAtom::value, ref);
                 waiting_.erase(id);
                 using Given = std::conditional_t<std::is_void_v<Answer>, caf::unit_t, Answer>;
                 auto given = answer_of<Given>(fetched);
                 if (given)  // a typed promise of nothing cannot be kept
                   static_cast<caf::response_promise&>(promise).deliver(std::move(given).value());
                 else
                   promise.deliver(to_caf_error(given.error()));
               });
}

void RemoteLearnerState::down(const caf::down_msg& message) {
  if (node_ && node_->actor.address() == message.source)
    end(message.reason, "its process " + node_->peer + " is gone");
}

RemoteLearnerBody::behavior_type remote_learner(RemoteLearnerState::Self self,
                                                RemoteLearnerSetup setup) {
  self->set_exception_handler([](std::exception_ptr& e) { return error_of_exception(e); });
  RemoteLearnerState* state = &self->state;
  self->set_down_handler([state](const caf::down_msg& message) { state->down(message); });
  state->start(self, std::move(setup));
  return {
      [state](TrainAtom, const Shared<TokenJob>& job) {
        return state->ask<Metrics>(about(LearnKind::kTrainTokens, job));
      },
      [state](TrainAtom, const Shared<PolicyJob>& job) {
        return state->ask<Metrics>(about(LearnKind::kTrainPolicy, job));
      },
      [state](TrainAtom, const Shared<PreferenceJob>& job) {
        return state->ask<Metrics>(about(LearnKind::kTrainPreferences, job));
      },
      [state](ScoreAtom, const Shared<PreferenceJob>& job) {
        return state->ask<Shared<PreferenceScores>>(about(LearnKind::kScorePreferences, job));
      },
      [state](WeightsAtom, const Shared<PreferenceJob>& job) {
        return state->ask<Shared<WeightSet>>(about(LearnKind::kScoreModel, job));
      },
      [state](ValidateAtom, const Shared<std::vector<TrainingGroup>>& groups) {
        return state->ask<Shared<TokenValidation>>(about(LearnKind::kValidate, groups));
      },
      [state](WeightsAtom) { return state->ask<Shared<WeightSet>>({LearnKind::kWeights}); },
      [state](RestartAtom, const Shared<WeightSet>& weights) {
        return state->ask<void>(about(LearnKind::kRestart, weights));
      },
      [state](SaveAtom) { return state->ask<Shared<WeightSet>>({LearnKind::kSave}); },
      [state](RestoreAtom, const Shared<WeightSet>& saved) {
        return state->ask<void>(about(LearnKind::kRestore, saved));
      },
      [state](FetchedAtom, uint64_t id, const Shared<Fetched>& fetched) {
        state->arrived(id, *fetched);
      },
  };
}

}  // namespace nelumbo
