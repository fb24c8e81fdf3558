// SPDX-License-Identifier: Apache-2.0
#include "actors/learner_actor.h"

#include <utility>

#include "base/kill_point.h"

namespace nelumbo {
namespace {

Result<Shared<TokenValidation>> validate(Learner& learner,
                                         const std::vector<TrainingGroup>& groups) {
  TokenValidation found;
  auto metrics = learner.validate_tokens(groups, &found.predictions);
  if (!metrics)
    return metrics.error();
  found.metrics = std::move(metrics).value();
  return share(std::move(found));
}

Result<Shared<PreferenceScores>> score(Learner& learner, const PreferenceJob& job) {
  auto scores = learner.score_preferences(job);
  if (!scores)
    return scores.error();
  return share(std::move(scores).value());
}

}  // namespace

template <class T>
caf::result<T> LearnerState::with_learner(const std::function<Result<T>(Learner&)>& work) {
  if (auto made = make(); !made)
    return to_caf_error(made.error());
  kill_point("learner/asked");
  auto done = work(*made_);
  kill_point("learner/done");
  return reply(done);
}

Result<void> LearnerState::make() {
  if (made_)
    return {};
  auto ranks = meet();
  if (!ranks)
    return ranks.error();
  made_ = setup_.make(std::move(ranks).value());
  return {};
}

Result<LearnerRanks> LearnerState::meet() {
  if (!setup_.meeting)
    return LearnerRanks();
  auto group = setup_.meeting->join(setup_.rank, setup_.ranks,
                                    std::chrono::steady_clock::now() + setup_.patience);
  if (!group)
    return group.error();
  // The learner outlives the callback, and the learner owns the group.
  on_stop_.emplace(setup_.stop, [ranks = group.value().get()] { ranks->abort(); });
  return LearnerRanks{std::move(group).value(), setup_.sharding, setup_.patience};
}

LearnerActor::behavior_type learner_actor(LearnerActor::stateful_pointer<LearnerState> self,
                                          LearnerSetup setup) {
  self->set_exception_handler([](std::exception_ptr& e) { return error_of_exception(e); });
  self->state.start(std::move(setup));
  LearnerState* state = &self->state;
  return {
      [state](TrainAtom, const Shared<TokenJob>& job) {
        return state->with_learner<Metrics>([&](Learner& learner) {
          return learner.train_tokens(job->groups, job->config, job->place);
        });
      },
      [state](TrainAtom, const Shared<PolicyJob>& job) {
        return state->with_learner<Metrics>([&](Learner& learner) {
          return learner.train_policy(job->groups, job->config, job->place);
        });
      },
      [state](TrainAtom, const Shared<PreferenceJob>& job) {
        return state->with_learner<Metrics>(
            [&](Learner& learner) { return learner.train_preferences(*job); });
      },
      [state](ScoreAtom, const Shared<PreferenceJob>& job) {
        return state->with_learner<Shared<PreferenceScores>>(
            [&](Learner& learner) { return score(learner, *job); });
      },
      [state](WeightsAtom, const Shared<PreferenceJob>& job) {
        return state->with_learner<Shared<WeightSet>>(
            [&](Learner& learner) { return learner.score_model(job->kind); });
      },
      [state](ValidateAtom, const Shared<std::vector<TrainingGroup>>& groups) {
        return state->with_learner<Shared<TokenValidation>>(
            [&](Learner& learner) { return validate(learner, *groups); });
      },
      [state](WeightsAtom) {
        return state->with_learner<Shared<WeightSet>>(
            [](Learner& learner) { return learner.weights(); });
      },
      [state](RestartAtom, const Shared<WeightSet>& weights) {
        return state->with_learner<void>([&](Learner& learner) -> Result<void> {
          learner.restart(*weights);
          return {};
        });
      },
      [state](SaveAtom) {
        return state->with_learner<Shared<WeightSet>>(
            [](Learner& learner) -> Result<Shared<WeightSet>> {
              auto saved = learner.state();
              if (!saved)
                return saved.error();
              return share(std::move(saved).value());
            });
      },
      [state](RestoreAtom, const Shared<WeightSet>& saved) {
        return state->with_learner<void>([&](Learner& learner) { return learner.restore(*saved); });
      },
  };
}

}  // namespace nelumbo
