// SPDX-License-Identifier: Apache-2.0
#include "learner/policy_learner.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/lesson_fixture.h"

namespace nelumbo {
namespace {

class PolicyLearnerTest : public LessonFixture {};

TEST_F(PolicyLearnerTest, LearnsWhatItIsShown) {
  const auto learner = make_learner(policy_.network, *policy_.weights, team_);
  const auto all = lessons();
  const double first = learner->train_tokens(all, stage_, {0, 120}).value().at("optim/loss");
  for (int64_t i = 1; i < 120; ++i)
    ASSERT_TRUE(learner->train_tokens(all, stage_, {i, 120}).ok());
  std::vector<std::vector<std::vector<int32_t>>> predictions;
  const Metrics after = learner->validate_tokens(all, &predictions).value();
  EXPECT_LT(after.at("loss/locate"), 0.2 * first);
  EXPECT_EQ(after.at("accuracy/locate"), 1);
  EXPECT_EQ(predictions[0][0], all[0].items[0].tokens);
}

/// A step whose answers are exchanged, when the lessons are learnt: its loss leaps.
TEST_F(PolicyLearnerTest, DoesNotTakeTheWeightsOfASpikeThatItsGuardSkips) {
  auto planted = lessons();
  std::swap(planted[0].items, planted[1].items);
  for (const char* word : {"skip", "warn"}) {
    stage_.training.guard = {.spike = 5, .policy = word};
    const auto learner = make_learner(policy_.network, *policy_.weights, team_);
    for (int64_t i = 0; i < 100; ++i)
      ASSERT_TRUE(learner->train_tokens(lessons(), stage_, {i, 120}).ok());
    const std::string before = weights_hash(*learner->weights().value());
    const auto leapt = learner->train_tokens(planted, stage_, {100, 120});
    ASSERT_TRUE(leapt.ok()) << leapt.error().message;
    EXPECT_GT(leapt.value().at("guard/loss"), 5);
    const bool skips = word == std::string("skip");
    EXPECT_EQ(leapt.value().at("guard/withheld"), skips ? 1 : 0);
    EXPECT_EQ(weights_hash(*learner->weights().value()) == before, skips);
  }
}

TEST_F(PolicyLearnerTest, ComputesTheLogProbsOfTheEngineBitForBit) {
  const auto learner = make_learner(policy_.network, *policy_.weights, team_);
  for (int64_t i = 0; i < 3; ++i) {  // the learner ends the process when they differ
    const double temperature = 0.5 * static_cast<double>(i + 1);
    const auto metrics =
        learner->train_policy(scored(learner->weights().value(), temperature), rl_, {i, 3});
    ASSERT_TRUE(metrics.ok()) << metrics.error().message;
    EXPECT_EQ(metrics.value().at("mismatch/logprob_abs_max"), 0);
    EXPECT_GT(metrics.value().at("optim/grad_norm"), 0);
  }
}

TEST_F(PolicyLearnerTest, MeasuresHowFarADrawInInt8IsFromItsOwn) {
  policy_.network.products = EngineProducts::kInt8;
  const auto learner = make_learner(policy_.network, *policy_.weights, team_);
  rl_.loss = "cispo";
  const auto metrics = learner->train_policy(scored(learner->weights().value()), rl_, {0, 3});
  ASSERT_TRUE(metrics.ok()) << metrics.error().message;
  EXPECT_FALSE(metrics.value().contains("mismatch/logprob_abs_max"));
  EXPECT_GT(metrics.value().at("off_policy/logprob_abs_max"), 0);
  EXPECT_LT(metrics.value().at("off_policy/logprob_abs_max"), 0.2);
  EXPECT_GT(metrics.value().at("off_policy/kl"), 0);
  EXPECT_LT(metrics.value().at("off_policy/kl"), 0.001);
}

TEST_F(PolicyLearnerTest, RaisesTheProbabilityOfWhatScoredBetter) {
  const auto learner = make_learner(policy_.network, *policy_.weights, team_);
  const auto groups = scored(policy_.weights);
  std::vector<TrainingGroup> good;
  for (const ScoredGroup& group : groups) {
    const Trajectory& t = group.group->trajectories[0];
    TrainingItem item;
    item.task = "good";
    item.tokens = t.tokens;
    item.trained = t.sampled;
    item.pixels = t.pixels;
    good.push_back({.prefix = group.group->prompt->tokens,
                    .pixels = group.group->prompt->pixels,
                    .items = {item}});
  }
  std::vector<std::vector<std::vector<int32_t>>> predictions;
  const double before = learner->validate_tokens(good, &predictions).value().at("loss/good");
  ASSERT_TRUE(learner->train_policy(groups, rl_, {0, 10}).ok());
  EXPECT_LT(learner->validate_tokens(good, &predictions).value().at("loss/good"), before);
}

TEST_F(PolicyLearnerTest, GoesOnFromASavedStateAsIfNothingHadBeen) {
  const auto straight = make_learner(policy_.network, *policy_.weights, team_);
  const auto all = lessons();
  ASSERT_TRUE(straight->train_tokens(all, stage_, {0, 40}).ok());
  const WeightSet saved = straight->state().value();
  ASSERT_TRUE(straight->train_tokens(all, stage_, {1, 40}).ok());

  const auto resumed = make_learner(policy_.network, initial_weights(policy_.network, 9), team_);
  ASSERT_TRUE(resumed->restore(saved).ok());
  ASSERT_TRUE(resumed->train_tokens(all, stage_, {1, 40}).ok());
  EXPECT_EQ(weights_hash(*resumed->weights().value()), weights_hash(*straight->weights().value()));
}

TEST_F(PolicyLearnerTest, AgreesWithTheEngineWhileItTrainsAdapters) {
  rl_.training.adapter.rank = 2;
  const auto learner = make_learner(policy_.network, *policy_.weights, team_);
  for (int64_t i = 0; i < 3; ++i) {  // the learner ends the process when they differ
    const auto metrics = learner->train_policy(scored(learner->weights().value()), rl_, {i, 3});
    ASSERT_TRUE(metrics.ok()) << metrics.error().message;
    EXPECT_EQ(metrics.value().at("mismatch/logprob_abs_max"), 0);
    EXPECT_GT(metrics.value().at("optim/grad_norm"), 0);
  }
  EXPECT_NE(weights_hash(*learner->weights().value()), weights_hash(*policy_.weights));
}

TEST_F(PolicyLearnerTest, LearnsThroughAdaptersAndMovesNothingElse) {
  stage_.training.adapter = {.rank = 8, .alpha = 16, .targets = {"decoder", "connector"}};
  const auto learner = make_learner(policy_.network, *policy_.weights, team_);
  const auto all = lessons();
  const double first = learner->train_tokens(all, stage_, {0, 120}).value().at("optim/loss");
  double last = first;
  for (int64_t i = 1; i < 120; ++i)
    last = learner->train_tokens(all, stage_, {i, 120}).value().at("optim/loss");
  EXPECT_LT(last, first - 0.5);  // the frozen head bounds the logits
  const auto after = learner->weights().value();
  for (size_t i = 0; i < after->size(); ++i) {
    const std::string& name = (*after)[i].name;
    const bool adapted = name.ends_with("_proj.weight") && name.find("vision") == std::string::npos;
    EXPECT_EQ((*after)[i].values != (*policy_.weights)[i].values,
              adapted || name.ends_with(".proj.weight"))
        << name;
  }
}

TEST_F(PolicyLearnerTest, KeepsMomentsOfTheFactorsAlone) {
  stage_.training.adapter = {.rank = 2, .targets = {"q_proj"}};
  const auto learner = make_learner(policy_.network, *policy_.weights, team_);
  ASSERT_TRUE(learner->train_tokens(lessons(), stage_, {0, 40}).ok());
  int64_t moments = 0;
  const WeightSet saved = learner->state().value();
  for (const NamedTensor& tensor : saved)
    if (tensor.name.starts_with("adamw.m/")) {
      EXPECT_NE(tensor.name.find(".lora_"), std::string::npos) << tensor.name;
      ++moments;
    }
  EXPECT_EQ(moments, 2 * 3);  // of two layers of the decoder and one of the tower
}

TEST_F(PolicyLearnerTest, GoesOnWithAdaptersFromASavedState) {
  stage_.training.adapter.rank = 4;
  const auto straight = make_learner(policy_.network, *policy_.weights, team_, 3);
  const auto all = lessons();
  for (int64_t i = 0; i < 2; ++i)
    ASSERT_TRUE(straight->train_tokens(all, stage_, {i, 40}).ok());
  const WeightSet saved = straight->state().value();
  ASSERT_TRUE(straight->train_tokens(all, stage_, {2, 40}).ok());

  const auto resumed = make_learner(policy_.network, initial_weights(policy_.network, 9), team_, 3);
  ASSERT_TRUE(resumed->restore(saved).ok());
  EXPECT_EQ(weights_hash(resumed->state().value()), weights_hash(saved));
  ASSERT_TRUE(resumed->train_tokens(all, stage_, {2, 40}).ok());
  EXPECT_EQ(weights_hash(resumed->state().value()), weights_hash(straight->state().value()));
}

TEST_F(PolicyLearnerTest, BeginsAdaptersAnewOnTheWeightsOfARestart) {
  stage_.training.adapter.rank = 4;
  const auto learner = make_learner(policy_.network, *policy_.weights, team_);
  for (int64_t i = 0; i < 3; ++i)
    ASSERT_TRUE(learner->train_tokens(lessons(), stage_, {i, 40}).ok());
  const auto merged = learner->weights().value();
  learner->restart(*merged);
  EXPECT_EQ(weights_hash(*learner->weights().value()), weights_hash(*merged));
  ASSERT_TRUE(learner->train_tokens(lessons(), stage_, {0, 40}).ok());
  const std::string weight = "model.text_model.layers.0.self_attn.q_proj.weight";
  const WeightSet state = learner->state().value();
  const auto named = [](const WeightSet& all, const std::string& name) {
    return std::ranges::find_if(all, [&](const NamedTensor& t) { return t.name == name; })->values;
  };
  EXPECT_EQ(named(state, "adapter.base/" + weight), named(*merged, weight));
}

TEST_F(PolicyLearnerTest, GivesTheSameBytesForTheSameSeedOfAdapters) {
  stage_.training.adapter.rank = 4;
  const auto trained = [&](uint64_t seed) {
    const auto learner = make_learner(policy_.network, *policy_.weights, team_, seed);
    for (int64_t i = 0; i < 2; ++i)
      EXPECT_TRUE(learner->train_tokens(lessons(), stage_, {i, 40}).ok());
    return weights_hash(*learner->weights().value());
  };
  EXPECT_EQ(trained(1), trained(1));
  EXPECT_NE(trained(1), trained(2));
}

TEST_F(PolicyLearnerTest, LeavesFrozenPartsAsTheyAre) {
  stage_.training.freeze = {"vision", "embeddings"};
  const auto learner = make_learner(policy_.network, *policy_.weights, team_);
  for (int64_t i = 0; i < 3; ++i)
    ASSERT_TRUE(learner->train_tokens(lessons(), stage_, {i, 40}).ok());
  const auto after = learner->weights().value();
  for (size_t i = 0; i < after->size(); ++i) {
    const std::string& name = (*after)[i].name;
    const bool frozen = name.find("vision_model.") != std::string::npos ||
                        name.find("embed_tokens") != std::string::npos;
    EXPECT_EQ((*after)[i].values == (*policy_.weights)[i].values, frozen) << name;
  }
  const WeightSet saved = learner->state().value();
  for (const NamedTensor& tensor : saved) {
    const bool of_moments = tensor.name.starts_with("adamw.");
    EXPECT_FALSE(of_moments && tensor.name.find("vision_model.") != std::string::npos)
        << tensor.name;
  }
}

TEST_F(PolicyLearnerTest, TakesABatchThatConcernsNothingTrained) {
  stage_.training.freeze = {"decoder", "embeddings"};
  auto words = lessons();
  for (TrainingGroup& lesson : words) {
    std::erase(lesson.prefix, *policy_.network.config.image_token_id);
    lesson.pixels.clear();
  }
  const auto learner = make_learner(policy_.network, *policy_.weights, team_);
  const auto metrics = learner->train_tokens(words, stage_, {0, 40});
  ASSERT_TRUE(metrics.ok()) << metrics.error().message;
  EXPECT_EQ(metrics.value().at("optim/grad_norm"), 0);
}

TEST_F(PolicyLearnerTest, TrainsWhatIsNotFrozenAsIfNothingWere) {
  const auto all = lessons();
  stage_.optimizer.clip = 1e9;  // whose norm is of other gradients
  const auto whole = make_learner(policy_.network, *policy_.weights, team_);
  ASSERT_TRUE(whole->train_tokens(all, stage_, {0, 40}).ok());
  stage_.training.freeze = {"vision", "embeddings"};
  const auto part = make_learner(policy_.network, *policy_.weights, team_);
  ASSERT_TRUE(part->train_tokens(all, stage_, {0, 40}).ok());
  const auto expected = whole->weights().value();
  const auto found = part->weights().value();
  for (size_t i = 0; i < found->size(); ++i) {
    const bool moved = (*found)[i].values != (*policy_.weights)[i].values;
    EXPECT_TRUE(!moved || (*found)[i].values == (*expected)[i].values) << (*found)[i].name;
  }
}

TEST_F(PolicyLearnerTest, GivesTheSameBytesWithCheckpointedBlocks) {
  const std::vector<std::string> lower = {"embeddings", "vision", "connector",
                                          "model.text_model.layers.0"};
  const std::vector<std::string> decoder = {"decoder", "vision"};
  stage_.max_tokens = 60;  // several micro-batches
  for (const TrainingConfig& training :
       {TrainingConfig{}, TrainingConfig{.adapter = {.rank = 2}}, TrainingConfig{.freeze = lower},
        TrainingConfig{.freeze = decoder}}) {
    stage_.training = training;
    std::string hashes[2];
    for (const bool checkpointed : {false, true}) {
      stage_.training.checkpoint_blocks = checkpointed;
      const auto learner = make_learner(policy_.network, *policy_.weights, team_);
      for (int64_t i = 0; i < 3; ++i)
        ASSERT_TRUE(learner->train_tokens(lessons(), stage_, {i, 40}).ok());
      hashes[checkpointed ? 1 : 0] = weights_hash(learner->state().value());
    }
    EXPECT_EQ(hashes[0], hashes[1]) << training.freeze.size();
  }
}

TEST_F(PolicyLearnerTest, SaysWhichTargetTheNetworkLacks) {
  stage_.training.adapter = {.rank = 2, .targets = {"w1"}};
  const auto learner = make_learner(policy_.network, *policy_.weights, team_);
  const auto refused = learner->train_tokens(lessons(), stage_, {0, 40});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message, "adapter.targets.0: the policy has no linear layer 'w1'");
}

TEST_F(PolicyLearnerTest, RefusesAStateThatLacksATensor) {
  const auto learner = make_learner(policy_.network, *policy_.weights, team_);
  WeightSet state = learner->state().value();
  std::erase_if(state,
                [](const NamedTensor& t) { return t.name == "model.text_model.norm.weight"; });
  const auto refused = learner->restore(state);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message, "weights: tensor 'model.text_model.norm.weight' is missing");
}

}  // namespace
}  // namespace nelumbo
