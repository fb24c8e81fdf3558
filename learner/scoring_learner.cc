// SPDX-License-Identifier: Apache-2.0
#include "learner/scoring_learner.h"

#include <algorithm>
#include <string>
#include <utility>

#include "learner/policy_learner.h"
#include "model/score_model.h"

namespace nelumbo {
namespace {

constexpr const char* kPrefix = "score_model/";

ScoreUse use_of(PreferenceKind kind) {
  return kind == PreferenceKind::kStepJudge ? ScoreUse::kSteps : ScoreUse::kAnswer;
}

/// Takes the tensors of the score model, under their own names, out of a state.
WeightSet take_score_state(WeightSet* state) {
  WeightSet own, rest;
  const std::string prefix = kPrefix;
  for (NamedTensor& tensor : *state)
    (tensor.name.starts_with(prefix) ? own : rest).push_back(std::move(tensor));
  for (NamedTensor& tensor : own)
    tensor.name.erase(0, prefix.size());
  *state = std::move(rest);
  return own;
}

class ScoringLearner : public Learner {
 public:
  ScoringLearner(const Network& network, const WeightSet& weights, Team& team, uint64_t seed,
                 LearnerRanks ranks)
      : network_(network),
        team_(team),
        seed_(seed),
        ranks_(ranks),
        policy_(make_network_learner(network, weights, team, seed, std::move(ranks), {})) {}

  Result<Metrics> train_tokens(std::span<const TrainingGroup> groups,
                               const TokenStageConfig& config, StepPlace place) override {
    return policy_->train_tokens(groups, config, place);
  }
  Result<Metrics> validate_tokens(
      std::span<const TrainingGroup> groups,
      std::vector<std::vector<std::vector<int32_t>>>* predictions) override {
    return policy_->validate_tokens(groups, predictions);
  }
  Result<Metrics> train_policy(std::span<const ScoredGroup> groups, const RlConfig& config,
                               StepPlace place) override {
    return policy_->train_policy(groups, config, place);
  }
  Result<Metrics> train_preferences(const PreferenceJob& job) override {
    auto learner = learner_of(job.kind);
    return learner ? learner.value()->train_preferences(job) : learner.error();
  }
  Result<PreferenceScores> score_preferences(const PreferenceJob& job) override {
    auto learner = learner_of(job.kind);
    return learner ? learner.value()->score_preferences(job) : learner.error();
  }
  Result<std::shared_ptr<const WeightSet>> score_model(PreferenceKind kind) override {
    auto learner = learner_of(kind);
    return learner ? learner.value()->weights() : learner.error();
  }
  Result<std::shared_ptr<const WeightSet>> weights() override { return policy_->weights(); }

  void restart(const WeightSet& weights) override {
    policy_->restart(weights);
    scorer_.reset();
  }

  Result<WeightSet> state() override {
    Result<WeightSet> all = policy_->state();
    if (!all || !scorer_)
      return all;
    Result<WeightSet> own = scorer_->learner->state();
    if (!own)
      return own;
    for (NamedTensor& tensor : own.value()) {
      tensor.name.insert(0, kPrefix);
      all.value().push_back(std::move(tensor));
    }
    return all;
  }

  Result<void> restore(const WeightSet& state) override {
    WeightSet policy = state;
    const WeightSet own = take_score_state(&policy);
    scorer_.reset();
    if (auto done = policy_->restore(policy); !done || own.empty())
      return done;
    const bool biased = std::ranges::any_of(
        own, [](const NamedTensor& tensor) { return tensor.name == "score.bias"; });
    if (auto begun = begin_scorer(biased ? ScoreUse::kSteps : ScoreUse::kAnswer); !begun)
      return begun;
    return scorer_->learner->restore(own);
  }

 private:
  struct Scorer {
    ScoreUse use = ScoreUse::kAnswer;
    ScoreNetwork network;
    std::unique_ptr<Learner> learner;
  };

  Result<Learner*> learner_of(PreferenceKind kind) {
    if (kind == PreferenceKind::kDpo)
      return policy_.get();
    if (!scorer_ || scorer_->use != use_of(kind))
      if (auto begun = begin_scorer(use_of(kind)); !begun)
        return begun.error();
    return scorer_->learner.get();
  }

  Result<void> begin_scorer(ScoreUse use) {
    if (ranks_.full())
      return Error{Errc::kInvalidConfig,
                   "placement.sharding: 'full' holds no score model; take 'optimizer'"};
    const auto policy = policy_->weights();
    if (!policy)
      return policy.error();
    scorer_ = std::make_unique<Scorer>(
        Scorer{use, make_score_network(network_.config, network_.type, use), nullptr});
    scorer_->learner = make_network_learner(scorer_->network.network,
                                            begin_score_model(scorer_->network, *policy.value()),
                                            team_, seed_, ranks_, scorer_->network.score);
    return {};
  }

  const Network& network_;
  Team& team_;
  uint64_t seed_;
  LearnerRanks ranks_;
  std::unique_ptr<Learner> policy_;
  std::unique_ptr<Scorer> scorer_;  ///< from the first use in a stage to the next restart
};

}  // namespace

std::unique_ptr<Learner> make_scoring_learner(const Network& network, const WeightSet& weights,
                                              Team& team, uint64_t seed, LearnerRanks ranks) {
  return std::make_unique<ScoringLearner>(network, weights, team, seed, std::move(ranks));
}

}  // namespace nelumbo
