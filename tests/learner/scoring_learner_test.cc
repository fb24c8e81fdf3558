// SPDX-License-Identifier: Apache-2.0
#include "learner/scoring_learner.h"

#include <gtest/gtest.h>

#include "learner/policy_learner.h"
#include "model/engine_weights.h"
#include "model/score_model.h"
#include "tests/support/lesson_fixture.h"
#include "tests/support/rank_threads.h"

namespace nelumbo {
namespace {

class ScoringLearnerTest : public LessonFixture {
 protected:
  std::unique_ptr<Learner> learner() {
    return make_learner(policy_.network, *policy_.weights, team_, 1);
  }

  TrainingItem answer(const char* text) const {
    TrainingItem item;
    item.task = "locate";
    item.tokens = policy_.dialogue->answer_turn(text);
    item.trained.assign(item.tokens.size(), 1);
    return item;
  }

  /// Of each of two prompts, one answer is better.
  PreferenceJob job(PreferenceKind kind) const {
    PreferenceJob job{.kind = kind, .batch = {}, .config = {}, .place = {0, 60}};
    job.config.optimizer = {.lr = 1e-2, .warmup = 1};
    for (const char* name : {"a", "b"}) {
      const auto prompt = policy_.prompt(name);
      TrainingGroup group{.prefix = prompt->tokens,
                          .pixels = prompt->pixels,
                          .items = {answer("<g1><g2>"), answer(" white")}};
      for (TrainingItem& item : group.items) {
        const std::vector<int64_t> last = {std::ssize(item.tokens) - 1};
        if (kind != PreferenceKind::kDpo)
          item = scored_at(item, last);
      }
      job.batch.groups.push_back(std::move(group));
      job.batch.offsets.push_back(0);
      job.batch.labels.push_back({1, 0});
    }
    return job;
  }

  double train(Learner& learner, PreferenceJob job, int64_t steps) {
    double loss = 0;
    for (int64_t i = 0; i < steps; ++i) {
      job.place.step = i;
      const auto metrics = learner.train_preferences(job);
      EXPECT_TRUE(metrics.ok()) << metrics.error().message;
      loss = metrics.value().at("optim/loss");
    }
    return loss;
  }
};

TEST_F(ScoringLearnerTest, DpoBeginsAtLnTwoAndRaisesTheMargin) {
  const auto learner = this->learner();
  PreferenceJob job = this->job(PreferenceKind::kDpo);
  const PreferenceScores reference = learner->score_preferences(job).value();
  for (size_t g = 0; g < reference.size(); ++g)
    job.batch.offsets[g] = reference[g][0] - reference[g][1];
  EXPECT_NEAR(train(*learner, job, 1), std::log(2.0), 1e-9);
  train(*learner, job, 20);
  const Metrics after = judged_preferences("dpo", job, learner->score_preferences(job).value());
  EXPECT_EQ(after.at("eval/dpo/accuracy"), 1);
  EXPECT_GT(after.at("eval/dpo/margin"), 0.1);
}

TEST_F(ScoringLearnerTest, AScoreModelLearnsAndThePolicyStays) {
  for (const auto kind : {PreferenceKind::kRewardModel, PreferenceKind::kStepJudge}) {
    const auto learner = this->learner();
    const PreferenceJob job = this->job(kind);
    EXPECT_NEAR(train(*learner, job, 1), std::log(2.0), 1e-9);
    EXPECT_LT(train(*learner, job, 30), 0.2);
    EXPECT_EQ(weights_hash(*learner->weights().value()), weights_hash(*policy_.weights));
  }
}

TEST_F(ScoringLearnerTest, TheEngineGivesTheSameScoresBitForBit) {
  const auto learner = this->learner();
  const PreferenceJob job = this->job(PreferenceKind::kStepJudge);
  train(*learner, job, 5);
  const ScoreNetwork network =
      make_score_network(policy_.network.config, policy_.network.type, ScoreUse::kSteps);
  ScoreModel model{"", ScoreUse::kSteps, network, nullptr, ""};
  model.weights = std::make_shared<const EngineWeights>(
      model.network.network, learner->score_model(job.kind).value(), team_);
  const PreferenceScores scores = learner->score_preferences(job).value();
  for (size_t g = 0; g < scores.size(); ++g)
    for (size_t i = 0; i < 2; ++i) {
      const TrainingGroup& group = job.batch.groups[g];
      std::vector<int32_t> tokens = group.prefix;
      tokens.insert(tokens.end(), group.items[i].tokens.begin(), group.items[i].tokens.end() - 1);
      EXPECT_EQ(model.scores(team_, tokens, group.pixels).back(), static_cast<float>(scores[g][i]));
    }
}

TEST_F(ScoringLearnerTest, GoesOnAsIfItHadNotStopped) {
  for (const auto kind : {PreferenceKind::kDpo, PreferenceKind::kRewardModel}) {
    const PreferenceJob job = this->job(kind);
    const auto straight = learner(), first = learner(), second = learner();
    train(*straight, job, 3);
    train(*first, job, 2);
    ASSERT_TRUE(second->restore(first->state().value()).ok());
    PreferenceJob last = job;
    last.place.step = 2;
    ASSERT_TRUE(second->train_preferences(last).ok());
    EXPECT_EQ(weights_hash(straight->state().value()), weights_hash(second->state().value()));
  }
}

TEST_F(ScoringLearnerTest, ARestartForgetsTheScoreModel) {
  const auto learner = this->learner();
  const PreferenceJob job = this->job(PreferenceKind::kRewardModel);
  train(*learner, job, 3);
  learner->restart(*policy_.weights);
  EXPECT_EQ(learner->score_preferences(job).value()[0], (std::vector<double>{0, 0}));
}

TEST_F(ScoringLearnerTest, TheHeadIsTrainedBesideAdapters) {
  const auto learner = this->learner();
  PreferenceJob job = this->job(PreferenceKind::kRewardModel);
  job.config.training.adapter.rank = 2;
  EXPECT_LT(train(*learner, job, 30), 0.6);
  const auto weights = learner->score_model(job.kind).value();
  EXPECT_NE(weights->back().values, std::vector<float>(weights->back().values.size(), 0));
}

TEST_F(ScoringLearnerTest, RanksAndPackingsGiveTheSameGradients) {
  WeightSet alone;
  for (const int64_t ranks : {1, 2})
    on_rank_threads_owning(ranks, [&](std::unique_ptr<Collectives> group) {
      const int64_t rank = group->rank();
      Team team(1);
      const auto learner =
          make_learner(policy_.network, *policy_.weights, team, 1, {.group = std::move(group)});
      PreferenceJob job = this->job(PreferenceKind::kDpo);
      job.config.max_tokens = ranks == 1 ? 16384 : 1;
      ASSERT_TRUE(learner->train_preferences(job).ok());
      const WeightSet state = learner->state().value();
      if (rank != 0)
        return;
      if (ranks == 1)
        alone = state;
      ASSERT_EQ(state.size(), alone.size());
      for (size_t t = 0; t < state.size(); ++t)
        for (size_t i = 0; state[t].name.starts_with("adamw.m/") && i < state[t].values.size(); ++i)
          ASSERT_NEAR(state[t].values[i], alone[t].values[i], 1e-6) << state[t].name;
    });
}

}  // namespace
}  // namespace nelumbo
