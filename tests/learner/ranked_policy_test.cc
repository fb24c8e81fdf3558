// SPDX-License-Identifier: Apache-2.0
#include "learner/ranked_policy.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "learner/policy_learner.h"
#include "model/row_places.h"
#include "model/stored_type.h"
#include "tests/support/lesson_fixture.h"
#include "tests/support/rank_threads.h"

namespace nelumbo {
namespace {

/// What an optimizer step of a policy, and three on tokens behind it, leave on some ranks.
struct Trained {
  WeightSet first;  ///< the state behind the first step
  WeightSet state;
  std::string hash;
};

class RankedPolicyTest : public LessonFixture {
 protected:
  Trained train(int64_t ranks, Sharding sharding, int64_t max_tokens = 16384) {
    Trained trained;
    stage_.max_tokens = rl_.max_tokens = max_tokens;
    const auto lesson = lessons();
    const auto groups = scored(policy_.weights);
    on_rank_threads_owning(ranks, [&](std::unique_ptr<Collectives> group) {
      const int64_t rank = group->rank();
      Team team(1);
      const auto learner = make_learner(policy_.network, *policy_.weights, team, 1,
                                        {.group = std::move(group), .sharding = sharding});
      const auto step = learner->train_policy(groups, rl_, {0, 10});
      ASSERT_TRUE(step.ok()) << step.error().message;
      WeightSet first = learner->state().value();
      for (int64_t i = 0; i < 3; ++i)
        ASSERT_TRUE(learner->train_tokens(lesson, stage_, {i, 40}).ok());
      WeightSet state = learner->state().value();
      const auto weights = learner->weights().value();
      if (rank == 0)
        trained = {std::move(first), std::move(state), weights_hash(*weights)};
    });
    return trained;
  }

  /// Steps [first, last) on tokens on so many ranks, from a state or from the first weights. The
  /// state that is loaded is that which was saved, to the bit.
  WeightSet go_on(int64_t ranks, const WeightSet* from, int64_t first, int64_t last,
                  Sharding sharding = Sharding::kOptimizer) {
    WeightSet state;
    const auto lesson = lessons();
    on_rank_threads_owning(ranks, [&](std::unique_ptr<Collectives> group) {
      const bool tells = group->rank() == 0;
      Team team(1);
      const auto learner = make_learner(policy_.network, *policy_.weights, team, 1,
                                        {.group = std::move(group), .sharding = sharding});
      if (from != nullptr) {
        ASSERT_TRUE(learner->restore(*from).ok());
        const WeightSet loaded = learner->state().value();
        ASSERT_TRUE(!tells || weights_hash(loaded) == weights_hash(*from)) << ranks << " ranks";
      }
      for (int64_t i = first; i < last; ++i)
        ASSERT_TRUE(learner->train_tokens(lesson, stage_, {i, 20}).ok());
      WeightSet own = learner->state().value();
      if (tells)
        state = std::move(own);
    });
    return state;
  }

  /// || a - b || / || b || over the tensors whose names begin so.
  static double distance(const WeightSet& a, const WeightSet& b, const std::string& names) {
    double off = 0, whole = 0;
    EXPECT_EQ(a.size(), b.size());
    for (size_t t = 0; t < a.size(); ++t)
      for (size_t i = 0; a[t].name.starts_with(names) && i < a[t].values.size(); ++i) {
        off += std::pow(double(a[t].values[i]) - b[t].values[i], 2);
        whole += std::pow(b[t].values[i], 2);
      }
    return std::sqrt(off / whole);
  }
};

TEST_F(RankedPolicyTest, AnyNumberOfRanksAndPackingHasTheSameGradients) {
  const Trained alone = train(1, Sharding::kReplicated);
  for (const int64_t ranks : {1, 2, 4})
    for (const Sharding how : {Sharding::kReplicated, Sharding::kOptimizer, Sharding::kFull})
      for (const int64_t max_tokens : {16384, 40}) {
        const Trained shared = train(ranks, how, max_tokens);
        // The first moment is the gradient times (1 - beta1), and clipped.
        EXPECT_LT(distance(shared.first, alone.first, "adamw.m/"), 2e-6)
            << ranks << " ranks, " << max_tokens << " tokens in a micro-batch";
        EXPECT_LT(distance(shared.state, alone.state, ""), 1e-4);
      }
}

/// With 40 tokens a rank has several micro-batches, and not all as many.
TEST_F(RankedPolicyTest, ShardingAndRepetitionLeaveTheBits) {
  for (const int64_t ranks : {2, 3, 4})
    for (const int64_t max_tokens : {16384, 40}) {
      const Trained replicated = train(ranks, Sharding::kReplicated, max_tokens);
      for (const Sharding how : {Sharding::kOptimizer, Sharding::kFull, Sharding::kFull}) {
        const Trained sharded = train(ranks, how, max_tokens);
        EXPECT_EQ(sharded.hash, replicated.hash) << ranks << " ranks";
        EXPECT_EQ(weights_hash(sharded.first), weights_hash(replicated.first)) << "first step";
        EXPECT_EQ(weights_hash(sharded.state), weights_hash(replicated.state)) << "moments differ";
      }
    }
}

TEST_F(RankedPolicyTest, ShardingLeavesTheBitsOfFrozenPartsAndOtherNetworks) {
  ModelConfig untied = policy_.network.config;
  untied.decoder.tie_embeddings = false;
  const std::vector<std::vector<std::string>> freezes = {
      {}, {"vision", "embeddings"}, {"decoder", "connector"}, {"model.text_model.layers.1.mlp"}};
  for (const bool rounded : {false, true})
    for (const auto& freeze : freezes) {
      const StoredType type = rounded ? StoredType::kBf16 : StoredType::kF32;
      policy_.network = make_network(rounded ? untied : policy_.network.config, type);
      WeightSet weights = initial_weights(policy_.network, 1);
      for (NamedTensor& tensor : weights)
        round_to(type, tensor.values);
      policy_.weights = std::make_shared<const WeightSet>(std::move(weights));
      stage_.training.freeze = rl_.training.freeze = freeze;
      const Trained replicated = train(3, Sharding::kReplicated, 40);
      for (const Sharding how : {Sharding::kOptimizer, Sharding::kFull}) {
        const Trained sharded = train(3, how, 40);
        EXPECT_EQ(sharded.hash, replicated.hash) << rounded << " " << freeze.size();
        EXPECT_EQ(weights_hash(sharded.state), weights_hash(replicated.state)) << rounded;
      }
    }
}

TEST_F(RankedPolicyTest, ARankHoldsItsPartAndOneUnitAtATime) {
  const auto lesson = lessons();
  ModelConfig config = policy_.network.config;  // of sizes whose packed forms need no padding
  config.vision.hidden_size = config.vision.intermediate_size = 64;
  config.decoder.hidden_size = config.decoder.intermediate_size = 64;
  config.decoder.kv_heads = 2;
  const int64_t table = 4 * config.decoder.vocab_size * 64;
  for (const StoredType type : {StoredType::kF32, StoredType::kBf16}) {
    const Network network = make_network(config, type);
    WeightSet weights = initial_weights(network, 1);
    int64_t whole = 0;
    for (NamedTensor& tensor : weights) {
      round_to(type, tensor.values);
      whole += std::ssize(tensor.values);
    }
    on_rank_threads_owning(4, [&](std::unique_ptr<Collectives> group) {
      Team team(1);
      RankedPolicy policy(network, weights, team, 1,
                          {.group = std::move(group), .sharding = Sharding::kFull}, {});
      const auto batches = pack(lesson, {.image_token_id = network.config.image_token_id,
                                         .layout = row_layout(network.config),
                                         .max_tokens = 40});
      for (int step = 0; step < 2; ++step) {
        ASSERT_TRUE(policy.begin_step({}).ok());
        ASSERT_TRUE(policy
                        .each_batch(batches,
                                    [&](const PackedBatch&, const at::Tensor& hidden) {
                                      const auto heads = policy.ops().head(hidden, 1);
                                      torch::autograd::backward({heads[0].sum()});
                                    })
                        .ok());
        const double norm = policy.sum_gradients().value();
        EXPECT_GT(norm, 0);
        ASSERT_TRUE(policy.step({.lr = 1e-3}, 1e-3, norm).ok());
      }
      ASSERT_TRUE(policy.state().ok());
      int64_t held = 0;
      for (const TrainParameter& p : policy.ops().parameters()) {
        EXPECT_FALSE(p.value.defined());
        EXPECT_EQ(p.packed.panels.size() + p.transposed.panels.size(), 0);
        EXPECT_EQ(p.gradient.size(), p.master.size());
        held += std::ssize(p.master);
      }
      const int64_t units = std::ssize(policy.unit_shards()->units());
      EXPECT_LE(held, whole / 4 + 4 * units);
      EXPECT_GE(4 * held + 4 * 4 * units, whole);
      // Two packed forms, which are half as large in bf16, and the gradient of one unit; beside
      // them the gradient of a table that an earlier unit uses, too. The table's forms are padded.
      const int64_t largest = policy.unit_shards()->largest_unit_bytes();
      const int64_t units_held = type == StoredType::kBf16 ? 2 : 3;
      EXPECT_GT(policy.unit_shards()->peak_bytes(), largest);
      EXPECT_LE(policy.unit_shards()->peak_bytes(), units_held * largest + table + 4 * 64 * 64);
    });
  }
}

TEST_F(RankedPolicyTest, WhatNoRankHoldsIsToldByTheFirst) {
  const auto lesson = lessons();
  std::vector<std::vector<std::vector<int32_t>>> expected;
  const auto alone = make_learner(policy_.network, *policy_.weights, team_, 1);
  const Metrics metrics = alone->validate_tokens(lesson, &expected).value();
  on_rank_threads_owning(3, [&](std::unique_ptr<Collectives> group) {
    const bool tells = group->rank() == 0;
    Team team(1);
    const auto learner = make_learner(policy_.network, *policy_.weights, team, 1,
                                      {.group = std::move(group), .sharding = Sharding::kFull});
    std::vector<std::vector<std::vector<int32_t>>> predictions;
    const auto found = learner->validate_tokens(lesson, &predictions);
    ASSERT_TRUE(found.ok());
    const auto weights = learner->weights().value();
    EXPECT_EQ(weights->empty(), !tells);
    if (!tells)
      return;
    EXPECT_EQ(found.value(), metrics);
    EXPECT_EQ(predictions, expected);
    EXPECT_EQ(weights_hash(*weights), weights_hash(*policy_.weights));
  });
}

TEST_F(RankedPolicyTest, NoRankHoldsAdaptersOrScoreModelsInParts) {
  stage_.training.adapter.rank = 2;
  const auto lesson = lessons();
  on_rank_threads_owning(2, [&](std::unique_ptr<Collectives> group) {
    Team team(1);
    const auto learner = make_learner(policy_.network, *policy_.weights, team, 1,
                                      {.group = std::move(group), .sharding = Sharding::kFull});
    EXPECT_EQ(learner->train_tokens(lesson, stage_, {0, 40}).error().message,
              "adapter.rank: placement.sharding 'full' holds no adapters; take 'optimizer'");
    EXPECT_EQ(learner->score_model(PreferenceKind::kRewardModel).error().message,
              "placement.sharding: 'full' holds no score model; take 'optimizer'");
  });
}

TEST_F(RankedPolicyTest, AStateIsGoneOnFromOnAnotherNumberOfRanks) {
  const Trained before = train(2, Sharding::kOptimizer);
  for (const int64_t ranks : {1, 3})
    on_rank_threads_owning(ranks, [&](std::unique_ptr<Collectives> group) {
      const bool first = group->rank() == 0;
      Team team(1);
      const auto learner =
          make_learner(policy_.network, initial_weights(policy_.network, 9), team, 1,
                       {.group = std::move(group), .sharding = Sharding::kOptimizer});
      ASSERT_TRUE(learner->restore(before.state).ok());
      const WeightSet state = learner->state().value();
      EXPECT_EQ(state.empty(), !first);
      EXPECT_TRUE(state.empty() || weights_hash(state) == weights_hash(before.state));
    });
}

TEST_F(RankedPolicyTest, AStateGoesFromOneShardingToAnother) {
  stage_.max_tokens = 40;
  const WeightSet straight = go_on(2, nullptr, 0, 6);
  const WeightSet full = go_on(2, nullptr, 0, 2, Sharding::kFull);
  const WeightSet replicated = go_on(2, &full, 2, 4, Sharding::kReplicated);
  EXPECT_EQ(weights_hash(go_on(2, &replicated, 4, 6, Sharding::kFull)), weights_hash(straight));
}

TEST_F(RankedPolicyTest, TwentyStepsOnTwoThenOneThenFourRanksEndWhereTheyDoOnTwo) {
  stage_.optimizer = {.lr = 1e-3, .warmup = 5};
  stage_.max_tokens = 40;  // several micro-batches a step
  const WeightSet two = go_on(2, nullptr, 0, 7);
  const WeightSet one = go_on(1, &two, 7, 13);
  const WeightSet four = go_on(4, &one, 13, 20);
  const WeightSet straight = go_on(2, nullptr, 0, 20);
  // A state begins with the weights.
  const auto weights = [&](const WeightSet& state) {
    return WeightSet(state.begin(), state.begin() + std::ssize(*policy_.weights));
  };
  ASSERT_EQ(four.front().name, policy_.weights->front().name);
  const double off = distance(weights(four), weights(straight), "");
  RecordProperty("relative_distance", std::to_string(off));
  std::printf("weights after 20 steps on 2, 1 and 4 ranks: %.2g from those on 2 alone\n", off);
  EXPECT_LT(off, 1e-5);
}

TEST_F(RankedPolicyTest, ARankThatStaysAwayIsNamed) {
  std::string said;
  on_rank_threads_owning(2, [&](std::unique_ptr<Collectives> group) {
    if (group->rank() == 1) {
      std::this_thread::sleep_for(std::chrono::seconds(1));
      return;
    }
    Team team(1);
    const auto learner = make_learner(
        policy_.network, *policy_.weights, team, 1,
        {.group = std::move(group), .sharding = {}, .patience = std::chrono::milliseconds(100)});
    const auto step = learner->train_tokens(lessons(), stage_, {0, 40});
    said = step ? "done" : step.error().message;
  });
  EXPECT_NE(said.find("rank 1 did not come"), std::string::npos) << said;
}

}  // namespace
}  // namespace nelumbo
