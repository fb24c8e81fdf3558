// SPDX-License-Identifier: Apache-2.0
#include "actors/learner_actor.h"

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
  if (!made)
    made = make();
  return *made;
}

LearnerActor::behavior_type learner_actor(LearnerActor::stateful_pointer<LearnerState> self,
                                          MakeLearner make) {
  self->set_exception_handler([](std::exception_ptr& e) { return error_of_exception(e); });
  self->state.make = std::move(make);
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
      [state](SaveAtom) { return share(state->learner().state()); },
      [state](RestoreAtom, const Shared<WeightSet>& saved) {
        return reply(state->learner().restore(*saved));
      },
  };
}

}  // namespace nelumbo
