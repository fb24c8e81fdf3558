// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/hash.h"
#include "base/rng.h"
#include "learner/learner.h"
#include "reward/reward.h"
#include "rollout/engine.h"

namespace nelumbo {

/// A policy of four numbers.
inline WeightSet fake_weights(float value) {
  return {{"w", {4}, {value, value, value, value}}};
}

inline std::shared_ptr<const Prompt> fake_prompt(const std::string& id) {
  auto prompt = std::make_shared<Prompt>();
  prompt->id = id;
  prompt->task = "locate";
  prompt->reward = "locate";
  prompt->text = "Where?";
  prompt->tokens = {1, 2, 3};
  return prompt;
}

/// Answers each prompt with tokens that depend on (seed, prompt, sample, token) and the weights,
/// one group for each step.
class FakeEngine : public Engine {
 public:
  void load(std::shared_ptr<const WeightSet> weights, PolicyVersion version) override {
    weights_ = std::move(weights);
    version_ = version;
  }
  Result<void> submit(GroupRequest request) override {
    if (request.prompt->id == "endless")
      return Error{Errc::kBadData, "prompt endless: longer than the model's positions"};
    queue_.push_back(std::move(request));
    return {};
  }
  std::vector<Group> step() override {
    const GroupRequest request = std::move(queue_.front());
    queue_.pop_front();
    Group group{request.id, request.prompt, {}};
    for (int32_t sample = 0; sample < request.samples; ++sample)
      group.trajectories.push_back(draw(request, sample));
    std::vector<Group> done;
    done.push_back(std::move(group));
    return done;
  }
  bool idle() const override { return queue_.empty(); }
  EngineWork work() const override { return {}; }

 private:
  Trajectory draw(const GroupRequest& request, int32_t sample) const {
    Trajectory out;
    out.group = request.id;
    out.sample = sample;
    out.version = version_;
    Random random(request.seed, Purpose::kSample, xxh3_64(bytes_of(request.prompt->id)),
                  static_cast<uint32_t>(sample));
    const auto shift = static_cast<int64_t>(weights_->front().values.front() * 1000);
    for (int i = 0; i < 3; ++i) {
      out.tokens.push_back(static_cast<int32_t>((random.below(100) + shift % 7) % 100));
      out.sampled.push_back(1);
      out.logprobs.push_back(-1);
      out.entropies.push_back(1);
    }
    out.text = "at " + std::to_string(out.tokens.front());
    out.answer = std::to_string(out.tokens.front());
    out.answered = true;
    return out;
  }

  std::shared_ptr<const WeightSet> weights_;
  PolicyVersion version_{};
  std::deque<GroupRequest> queue_;
};

/// Moves its weights by what it is given, so that every batch leaves its mark.
class FakeLearner : public Learner {
 public:
  Result<Metrics> train_tokens(std::span<const TrainingGroup> groups, const TokenStageConfig&,
                               StepPlace place) override {
    float sum = 0;
    for (const TrainingGroup& group : groups)
      sum += static_cast<float>(group.prefix.front());
    move(sum * 0.001F / static_cast<float>(place.step + 1));
    return Metrics{{"optim/loss", sum}};
  }
  Result<Metrics> validate_tokens(std::span<const TrainingGroup>,
                                  std::vector<std::vector<std::vector<int32_t>>>*) override {
    return Metrics{{"loss/caption", weights_.front().values.front()}};
  }
  Result<Metrics> train_policy(std::span<const ScoredGroup> groups, const RlConfig&,
                               StepPlace) override {
    float sum = 0;
    for (const ScoredGroup& group : groups)
      for (size_t i = 0; i < group.outcomes.size(); ++i)
        sum += static_cast<float>(group.outcomes[i].total) *
               static_cast<float>(group.group->trajectories[i].tokens.back() + 1);
    move(sum * 0.0001F);
    return Metrics{{"optim/loss", sum}, {"mismatch/logprob_abs_max", 0}};
  }
  /// In dpo the weights move by what the pairs are, in the others only the score model does.
  Result<Metrics> train_preferences(const PreferenceJob& job) override {
    float sum = 0;
    for (size_t g = 0; g < job.batch.groups.size(); ++g)
      sum += static_cast<float>(job.batch.groups[g].prefix.front() +
                                (g < job.batch.offsets.size() ? job.batch.offsets[g] : 0));
    if (job.kind == PreferenceKind::kDpo)
      move(sum * 0.001F);
    else
      score_ += sum;
    return Metrics{{"optim/loss", sum}};
  }
  Result<PreferenceScores> score_preferences(const PreferenceJob& job) override {
    PreferenceScores scores;
    for (const TrainingGroup& group : job.batch.groups)
      scores.push_back(
          {weights_.front().values.front() + score_, static_cast<double>(group.prefix.front())});
    return scores;
  }
  Result<std::shared_ptr<const WeightSet>> score_model(PreferenceKind) override {
    return std::make_shared<const WeightSet>(WeightSet{{"score.weight", {1}, {score_}}});
  }
  Result<std::shared_ptr<const WeightSet>> weights() override {
    return std::make_shared<const WeightSet>(weights_);
  }
  void restart(const WeightSet& weights) override {
    weights_ = weights;
    moment_ = 0;
    score_ = 0;
  }
  Result<WeightSet> state() override {
    WeightSet out = weights_;
    out.push_back({"moment", {1}, {moment_}});
    out.push_back({"score", {1}, {score_}});
    return out;
  }
  Result<void> restore(const WeightSet& state) override {
    for (const NamedTensor& tensor : state)
      if (tensor.name == "moment")
        moment_ = tensor.values.front();
      else if (tensor.name == "score")
        score_ = tensor.values.front();
      else
        weights_ = {tensor};
    return {};
  }

 private:
  void move(float by) {
    moment_ = 0.9F * moment_ + by;
    for (float& value : weights_.front().values)
      value += moment_;
  }

  WeightSet weights_ = fake_weights(0);
  float moment_ = 0;
  float score_ = 0;
};

/// Rewards a large first token; `kind_of` decides the kind of each outcome.
class FakeReward : public RewardSpec {
 public:
  std::function<Outcome::Kind(const Trajectory&)> kind_of = [](const Trajectory&) {
    return Outcome::Kind::kScore;
  };
  bool flat = false;  ///< every score is the same
  OnFailure on;       ///< said of errors and timeouts
  JudgeNews news;     ///< told at each step
  bool judged = false;
  mutable std::atomic<int64_t> cancelled = 0;

  std::vector<std::string> names() const override { return {"locate"}; }
  Result<void> check_prompt(const Prompt&) const override { return {}; }
  std::vector<Outcome> score(const Group& group) const override {
    std::vector<Outcome> outcomes;
    for (const Trajectory& trajectory : group.trajectories) {
      Outcome outcome;
      outcome.kind = kind_of(trajectory);
      outcome.total = flat ? 0.5 : trajectory.tokens.front() / 100.0;
      outcome.rule = outcome.total;
      outcome.components.push_back({"iou", "rule", outcome.total, 1, "box"});
      outcomes.push_back(std::move(outcome));
    }
    return outcomes;
  }
  OnFailure on_failure(const Prompt&, Outcome::Kind kind) const override {
    return kind == Outcome::Kind::kInvalid ? OnFailure() : on;
  }
  JudgeNews judge_news() const override { return news; }
  bool asks_judges() const override { return judged; }
  void cancel_judges() const override { ++cancelled; }
  std::string hash() const override { return "fake"; }
};

/// One group that was answered and scored by hand.
inline ScoredGroup fake_scored(uint64_t id, const std::vector<double>& totals) {
  auto group = std::make_shared<Group>();
  group->id = GroupId{id};
  group->prompt = fake_prompt("p" + std::to_string(id));
  ScoredGroup scored;
  for (double total : totals) {
    Trajectory trajectory;
    trajectory.group = group->id;
    trajectory.sample = static_cast<int32_t>(group->trajectories.size());
    trajectory.tokens = {1, 2};
    trajectory.sampled = {1, 0};
    trajectory.answered = true;
    group->trajectories.push_back(trajectory);
    Outcome outcome;
    outcome.total = outcome.rule = total;
    scored.outcomes.push_back(outcome);
  }
  scored.group = group;
  return scored;
}

}  // namespace nelumbo
