// SPDX-License-Identifier: Apache-2.0
#include "actors/learner_actor.h"

#include <stdexcept>
#include <utility>

namespace nelumbo {
namespace {

Shared<TokenValidation> validate(Learner& learner, const std::vector<TrainingGroup>& groups) {
  TokenValidation found;
  found.metrics = learner.validate_tokens(groups, &found.predictions);
  return share(std::move(found));
}

}  // namespace

Learner& LearnerState::learner() {
  if (!made_)
    made_ = setup_.make(setup_.meeting ? meet() : LearnerRanks());
  return *made_;
}

LearnerRanks LearnerState::meet() {
  auto group = setup_.meeting->join(setup_.rank, setup_.ranks,
                                    std::chrono::steady_clock::now() + setup_.patience);
  if (!group)
    throw std::runtime_error(group.error().message);
  // The learner outlives the callback, and the learner owns the group.
  on_stop_.emplace(setup_.stop, [ranks = group.value().get()] { ranks->abort(); });
  return {std::move(group).value(), setup_.sharding, setup_.patience};
}

LearnerActor::behavior_type learner_actor(LearnerActor::stateful_pointer<LearnerState> self,
                                          LearnerSetup setup) {
  self->set_exception_handler([](std::exception_ptr& e) { return error_of_exception(e); });
  self->state.start(std::move(setup));
  LearnerState* state = &self->state;
  return {
      [state](TrainAtom, const Shared<TokenJob>& job) {
        return reply(state->learner().train_tokens(job->groups, job->config, job->place));
      },
      [state](TrainAtom, const Shared<PolicyJob>& job) {
        return reply(state->learner().train_policy(job->groups, job->config, job->place));
      },
      [state](ValidateAtom, const Shared<std::vector<TrainingGroup>>& groups) {
        return validate(state->learner(), *groups);
      },
      [state](WeightsAtom) { return state->learner().weights(); },
      [state](RestartAtom, const Shared<WeightSet>& weights) {
        state->learner().restart(*weights);
      },
      [state](SaveAtom) -> caf::result<Shared<WeightSet>> {
        auto saved = state->learner().state();
        if (!saved)
          return to_caf_error(saved.error());
        return share(std::move(saved).value());
      },
      [state](RestoreAtom, const Shared<WeightSet>& saved) {
        return reply(state->learner().restore(*saved));
      },
  };
}

}  // namespace nelumbo
