// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>

#include "tests/support/fake_policy.h"

namespace nelumbo {

/// A fake learner whose loss leaps at chosen steps of the stage, as learner/step_guard.h tells it.
class LeapingLearner : public FakeLearner {
 public:
  explicit LeapingLearner(const std::set<int64_t>* leaps) : leaps_(leaps) {}

  Result<Metrics> train_tokens(std::span<const TrainingGroup> groups,
                               const TokenStageConfig& config, StepPlace place) override {
    const auto train = [&] { return FakeLearner::train_tokens(groups, config, place); };
    return guarded(train, config.training.guard, place);
  }
  Result<Metrics> train_policy(std::span<const ScoredGroup> groups, const RlConfig& config,
                               StepPlace place) override {
    const auto train = [&] { return FakeLearner::train_policy(groups, config, place); };
    return guarded(train, config.training.guard, place);
  }

 private:
  template <class Train>
  Result<Metrics> guarded(Train train, const GuardConfig& guard, StepPlace place) {
    if (!leaps_->contains(place.step))
      return train();
    const bool withheld = guard.policy != "warn";
    auto metrics = withheld ? Result<Metrics>(Metrics()) : train();
    metrics.value()["optim/loss"] = 7;
    metrics.value()["guard/loss"] = 41;
    metrics.value()["guard/withheld"] = withheld ? 1 : 0;
    return metrics;
  }

  const std::set<int64_t>* leaps_;
};

}  // namespace nelumbo
