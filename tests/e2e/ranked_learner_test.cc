// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "learner/policy_learner.h"
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

class RankedLearnerTest : public LessonFixture {
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
      if (rank != 0)
        return;
      trained = {std::move(first), std::move(state), weights_hash(*learner->weights())};
    });
    return trained;
  }

  /// Steps [first, last) on tokens on so many ranks, from a state or from the first weights. The
  /// state that is loaded is that which was saved, to the bit.
  WeightSet go_on(int64_t ranks, const WeightSet* from, int64_t first, int64_t last) {
    WeightSet state;
    const auto lesson = lessons();
    on_rank_threads_owning(ranks, [&](std::unique_ptr<Collectives> group) {
      const bool tells = group->rank() == 0;
      Team team(1);
      const auto learner =
          make_learner(policy_.network, *policy_.weights, team, 1,
                       {.group = std::move(group), .sharding = Sharding::kOptimizer});
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

TEST_F(RankedLearnerTest, AnyNumberOfRanksAndPackingHasTheSameGradients) {
  const Trained alone = train(1, Sharding::kReplicated);
  for (const int64_t ranks : {1, 2, 4})
    for (const Sharding how : {Sharding::kReplicated, Sharding::kOptimizer})
      for (const int64_t max_tokens : {16384, 40}) {
        const Trained shared = train(ranks, how, max_tokens);
        // The first moment is the gradient times (1 - beta1), and clipped.
        EXPECT_LT(distance(shared.first, alone.first, "adamw.m/"), 2e-6)
            << ranks << " ranks, " << max_tokens << " tokens in a micro-batch";
        EXPECT_LT(distance(shared.state, alone.state, ""), 1e-4);
      }
}

TEST_F(RankedLearnerTest, ShardingAndRepetitionLeaveTheBits) {
  for (const int64_t max_tokens : {16384, 40}) {
    const Trained replicated = train(3, Sharding::kReplicated, max_tokens);
    const Trained sharded = train(3, Sharding::kOptimizer, max_tokens);
    EXPECT_EQ(sharded.hash, replicated.hash);
    EXPECT_EQ(weights_hash(sharded.state), weights_hash(replicated.state)) << "moments differ";
    EXPECT_EQ(train(3, Sharding::kOptimizer, max_tokens).hash, sharded.hash);
  }
}

TEST_F(RankedLearnerTest, AStateIsGoneOnFromOnAnotherNumberOfRanks) {
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

TEST_F(RankedLearnerTest, TwentyStepsOnTwoThenOneThenFourRanksEndWhereTheyDoOnTwo) {
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

TEST_F(RankedLearnerTest, ARankThatStaysAwayIsNamed) {
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
