// SPDX-License-Identifier: Apache-2.0
#include "learner/shards.h"

#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/rank_threads.h"

namespace nelumbo {
namespace {

/// Two blocks and a tensor of a third.
std::vector<ParameterShape> shapes() {
  return {{"embed", {2}, 0}, {"a", {3}, 1}, {"b", {2}, 1}, {"c", {1}, 2}};
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
  static Shards::Tensors tensors(std::vector<std::vector<float>>& of) {
    return {of.begin(), of.end()};
  }
  std::vector<ParameterView> views(std::span<const Piece> pieces) {
    std::vector<ParameterView> views;
    for (size_t t = 0; t < weights.size(); ++t)
      views.push_back({weights[t], gradients[t]});
    return views_of(pieces, views);
  }
  std::vector<std::vector<float>> weights, gradients;
};

const std::vector<std::vector<float>> kSum = {{11, 22}, {33, 44, 55}, {66, 77}, {88}};

TEST(Shards, CutsEveryBlockIntoOneSliceForEachRank) {
  on_rank_threads(2, [](Collectives& ranks) {
    const auto owned = ranks.rank() == 0 ? std::vector<Piece>{{0, 0, 1}, {1, 0, 3}, {3, 0, 1}}
                                         : std::vector<Piece>{{0, 1, 2}, {2, 0, 2}};
    for (const Sharding how : {Sharding::kOptimizer, Sharding::kFull})
      EXPECT_EQ(Shards(shapes(), ranks, how).owned(), owned);
    const Shards replicated(shapes(), ranks, Sharding::kReplicated);
    EXPECT_EQ(replicated.owned(), (std::vector<Piece>{{0, 0, 2}, {1, 0, 3}, {2, 0, 2}, {3, 0, 1}}));
    EXPECT_EQ(replicated.sliced(), owned);
  });
}

TEST(Shards, ReplicatedGradientsAreSummedEverywhere) {
  on_rank_threads(2, [](Collectives& ranks) {
    Model model(ranks.rank());
    Shards shards(shapes(), ranks, Sharding::kReplicated);
    ASSERT_TRUE(shards.sum_gradients(Model::tensors(model.gradients), rank_deadline()).ok());
    EXPECT_EQ(model.gradients, kSum);
  });
}

TEST(Shards, ARankSumsWhatItOwnsAndNormsAreTheSameForAll) {
  on_rank_threads(2, [](Collectives& ranks) {
    Team team(1);
    Model model(ranks.rank());
    Shards shards(shapes(), ranks, Sharding::kOptimizer);
    ASSERT_TRUE(shards.sum_gradients(Model::tensors(model.gradients), rank_deadline()).ok());
    for (const auto& [tensor, begin, end] : shards.owned())
      for (int64_t i = begin; i < end; ++i)
        EXPECT_EQ(model.gradients[tensor][static_cast<size_t>(i)],
                  kSum[tensor][static_cast<size_t>(i)]);
    // 11^2 (1^2 + ... + 8^2) = 121 * 204
    EXPECT_EQ(shards.norm(team, model.views(shards.sliced()), rank_deadline()).value(),
              std::sqrt(121.0 * 204));
  });
}

TEST(Shards, CompleteBringsWhatOthersOwn) {
  on_rank_threads(3, [](Collectives& ranks) {
    Model model(0);
    Shards shards(shapes(), ranks, Sharding::kOptimizer);
    for (const auto& [tensor, begin, end] : shards.owned())
      for (int64_t i = begin; i < end; ++i)
        model.weights[tensor][static_cast<size_t>(i)] = static_cast<float>(10 * tensor + i);
    ASSERT_TRUE(shards.complete(Model::tensors(model.weights), rank_deadline()).ok());
    EXPECT_EQ(model.weights,
              (std::vector<std::vector<float>>{{0, 1}, {10, 11, 12}, {20, 21}, {30}}));
  });
}

TEST(Shards, ABlockIsGatheredFromPartsAndReducedToThem) {
  on_rank_threads(2, [](Collectives& ranks) {
    const bool first = ranks.rank() == 0;
    Shards shards(shapes(), ranks, Sharding::kFull);
    ASSERT_EQ(shards.tensors_of(1), (std::vector<size_t>{1, 2}));
    // Pieces of rank 0: embed, a, c; of rank 1: embed, b.
    std::vector<std::vector<float>> parts =
        first ? std::vector<std::vector<float>>{{0}, {1, 2, 3}, {0}}
              : std::vector<std::vector<float>>{{0}, {4, 5}};
    std::vector<float> a(3), b(2);
    // Only the first rank wants b.
    Shards::Tensors whole = {{}, a, first ? std::span(b) : std::span<float>(), {}};
    ASSERT_TRUE(shards.gather(1, Model::tensors(parts), whole, rank_deadline()).ok());
    EXPECT_EQ(a, (std::vector<float>{1, 2, 3}));
    EXPECT_EQ(b, first ? (std::vector<float>{4, 5}) : (std::vector<float>{0, 0}));
    // Only the first rank has a gradient of b.
    b = {7, 8};
    ASSERT_TRUE(shards.reduce(1, whole, Model::tensors(parts), rank_deadline()).ok());
    EXPECT_EQ(parts[1], first ? (std::vector<float>{2, 4, 6}) : (std::vector<float>{7, 8}));
    EXPECT_EQ(parts[0], std::vector<float>{0}) << "another block";
  });
}

/// More than one call's worth, and no multiple of it.
TEST(Shards, PassesLargeBlocksInPieces) {
  on_rank_threads(3, [](Collectives& ranks) {
    constexpr int64_t kSize = (int64_t{1} << 21) + 12345;
    Shards shards({{"x", {kSize}, 0}}, ranks, Sharding::kReplicated);
    std::vector<float> x(kSize);
    for (size_t i = 0; i < x.size(); ++i)
      x[i] = static_cast<float>(i % 1000);
    const Shards::Tensors gradients = {x};
    ASSERT_TRUE(shards.sum_gradients(gradients, rank_deadline()).ok());
    int64_t wrong = 0;
    for (size_t i = 0; i < x.size(); ++i)
      wrong += x[i] == static_cast<float>(3 * (i % 1000)) ? 0 : 1;
    EXPECT_EQ(wrong, 0);
  });
}

TEST(Shards, AreNamedInTheConfiguration) {
  EXPECT_EQ(sharding("replicated"), Sharding::kReplicated);
  EXPECT_EQ(sharding("optimizer"), Sharding::kOptimizer);
  EXPECT_EQ(sharding("full"), Sharding::kFull);
}

}  // namespace
}  // namespace nelumbo
