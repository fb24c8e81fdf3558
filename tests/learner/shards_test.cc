// SPDX-License-Identifier: Apache-2.0
#include "learner/shards.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/rank_threads.h"

namespace nelumbo {
namespace {

/// Two blocks and a tensor outside of them.
std::vector<ParameterShape> shapes() {
  return {{"embed", {2}}, {"layers.0.a", {3}}, {"layers.0.b", {2}}, {"layers.1.a", {1}}};
}

/// Values and gradients of those tensors; gradient i of rank r is 10^r i.
struct Model {
  explicit Model(int64_t rank) {
    float scale = 1;
    for (int64_t r = 0; r < rank; ++r)
      scale *= 10;
    float next = 1;
    for (const size_t size : {2, 3, 2, 1}) {
      weights.emplace_back(size, 0.0F);
      gradients.emplace_back();
      for (size_t i = 0; i < size; ++i)
        gradients.back().push_back(scale * next++);
    }
  }
  std::vector<ParameterView> views() {
    std::vector<ParameterView> views;
    for (size_t t = 0; t < weights.size(); ++t)
      views.push_back({weights[t], gradients[t]});
    return views;
  }
  std::vector<std::vector<float>> weights, gradients;
};

const std::vector<std::vector<float>> kSum = {{11, 22}, {33, 44, 55}, {66, 77}, {88}};

TEST(Shards, CutsEveryBlockIntoOneSliceForEachRank) {
  on_rank_threads(2, [](Collectives& ranks) {
    const Shards shards(shapes(), ranks, Sharding::kOptimizer);
    const auto owned = ranks.rank() == 0 ? std::vector<Piece>{{0, 0, 1}, {1, 0, 3}, {3, 0, 1}}
                                         : std::vector<Piece>{{0, 1, 2}, {2, 0, 2}};
    EXPECT_EQ(shards.owned(), owned);
    const Shards replicated(shapes(), ranks, Sharding::kReplicated);
    EXPECT_EQ(replicated.owned(), (std::vector<Piece>{{0, 0, 2}, {1, 0, 3}, {2, 0, 2}, {3, 0, 1}}));
  });
}

TEST(Shards, ReplicatedGradientsAreSummedEverywhere) {
  on_rank_threads(2, [](Collectives& ranks) {
    Model model(ranks.rank());
    Shards shards(shapes(), ranks, Sharding::kReplicated);
    ASSERT_TRUE(shards.sum_gradients(model.views(), rank_deadline()).ok());
    EXPECT_EQ(model.gradients, kSum);
  });
}

TEST(Shards, ARankSumsWhatItOwnsAndNormsAreTheSameForAll) {
  on_rank_threads(2, [](Collectives& ranks) {
    Team team(1);
    Model model(ranks.rank());
    Shards shards(shapes(), ranks, Sharding::kOptimizer);
    ASSERT_TRUE(shards.sum_gradients(model.views(), rank_deadline()).ok());
    for (const auto& [tensor, begin, end] : shards.owned())
      for (int64_t i = begin; i < end; ++i)
        EXPECT_EQ(model.gradients[tensor][static_cast<size_t>(i)],
                  kSum[tensor][static_cast<size_t>(i)]);
    // 11^2 (1^2 + ... + 8^2) = 121 * 204
    EXPECT_EQ(shards.norm(team, model.views(), rank_deadline()).value(), std::sqrt(121.0 * 204));
  });
}

TEST(Shards, CompleteBringsWhatOthersOwn) {
  on_rank_threads(3, [](Collectives& ranks) {
    Model model(0);
    Shards shards(shapes(), ranks, Sharding::kOptimizer);
    for (const auto& [tensor, begin, end] : shards.owned())
      for (int64_t i = begin; i < end; ++i)
        model.weights[tensor][static_cast<size_t>(i)] = static_cast<float>(10 * tensor + i);
    const auto views = model.views();
    Shards::Tensors tensors;
    for (const ParameterView& view : views)
      tensors.push_back(view.weights);
    ASSERT_TRUE(shards.complete(tensors, rank_deadline()).ok());
    EXPECT_EQ(model.weights,
              (std::vector<std::vector<float>>{{0, 1}, {10, 11, 12}, {20, 21}, {30}}));
  });
}

TEST(Shards, AreNamedInTheConfiguration) {
  EXPECT_EQ(sharding("replicated"), Sharding::kReplicated);
  EXPECT_EQ(sharding("optimizer"), Sharding::kOptimizer);
}

}  // namespace
}  // namespace nelumbo
