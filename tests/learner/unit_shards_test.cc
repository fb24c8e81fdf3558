// SPDX-License-Identifier: Apache-2.0
#include "learner/unit_shards.h"

#include <string>
#include <vector>

#include <ATen/ops/full.h>
#include <gtest/gtest.h>

#include "tests/support/rank_threads.h"
#include "tests/support/tiny_policy.h"

namespace nelumbo {
namespace {

using Pass = UnitShards::Pass;

class UnitShardsTest : public ::testing::Test {
 protected:
  /// Does `work` on two ranks that have taken the policy in parts, trained or not.
  void on_ranks(const std::vector<Treatment>& treatments,
                const std::function<void(TrainOps&, UnitShards&, int64_t rank)>& work) {
    on_rank_threads_owning(2, [&](std::unique_ptr<Collectives> group) {
      const int64_t rank = group->rank();
      Team team(1);
      TrainOps ops(policy_.network, team);
      const LearnerRanks ranks{.group = std::move(group), .sharding = Sharding::kFull};
      UnitShards shards(ops, network_units(policy_.network, std::nullopt), ranks);
      shards.take(treatments, [&](size_t i) { return std::span<const float>(weight(i)); });
      work(ops, shards, rank);
    });
  }
  const std::vector<float>& weight(size_t i) const { return (*policy_.weights)[i].values; }
  void expect_whole(UnitShards& shards) {
    size_t seen = 0;
    ASSERT_TRUE(shards
                    .each_whole([&](size_t i, std::span<const float> values) {
                      ++seen;
                      EXPECT_EQ(std::vector<float>(values.begin(), values.end()), weight(i));
                    })
                    .ok());
    EXPECT_EQ(seen, policy_.weights->size());
  }

  TinyPolicy policy_;
  std::vector<Treatment> all_ =
      std::vector<Treatment>(policy_.weights->size(), Treatment::kTrained);
};

TEST_F(UnitShardsTest, KeepAPartOfEachUnitAndGiveTheWhole) {
  on_ranks({}, [&](TrainOps& ops, UnitShards& shards, int64_t) {
    size_t held = 0, whole = 0;
    for (size_t i = 0; i < ops.parameters().size(); ++i) {
      held += ops.parameters()[i].master.size();
      whole += weight(i).size();
      EXPECT_TRUE(ops.parameters()[i].gradient.empty());
    }
    EXPECT_LE(held, whole / 2 + shards.units().size());
    EXPECT_GE(held, whole / 2 - shards.units().size());
    expect_whole(shards);
  });
}

TEST_F(UnitShardsTest, CutAnewWhereOtherPartsAreTrained) {
  std::vector<Treatment> some = all_;
  some[0] = some[20] = Treatment::kFrozen;
  on_ranks({}, [&](TrainOps& ops, UnitShards& shards, int64_t) {
    ASSERT_TRUE(shards.treat(some).ok());
    EXPECT_TRUE(ops.parameters()[20].gradient.empty());
    expect_whole(shards);
  });
}

TEST_F(UnitShardsTest, BringAUnitAndDropIt) {
  on_ranks(all_, [&](TrainOps& ops, UnitShards& shards, int64_t) {
    const int64_t decoder = std::ssize(shards.units()) - 2;
    const DecoderLayer& layer = policy_.network.decoder.back();
    const TrainParameter& q = ops.parameter(layer.q.weight);
    const TrainParameter& norm = ops.parameter(layer.input_norm);
    ASSERT_TRUE(shards.open(decoder, Pass::kForward).ok());
    const auto values = values_of(norm.value);
    EXPECT_EQ(std::vector<float>(values.begin(), values.end()),
              weight(static_cast<size_t>(layer.input_norm)));
    EXPECT_EQ(q.packed.n, 16);
    EXPECT_EQ(q.transposed.panels.size(), 0);
    EXPECT_FALSE(ops.parameter(policy_.network.token_embedding).value.defined());
    ASSERT_TRUE(shards.close(decoder, Pass::kForward).ok());
    EXPECT_FALSE(norm.value.defined());
    EXPECT_EQ(q.packed.panels.size(), 0);
  });
}

/// The table is read by the fifth unit but one of the decoder's two layers and the head's.
TEST_F(UnitShardsTest, SumGradientsBehindTheFirstUnitThatUsesAParameter) {
  on_ranks(all_, [&](TrainOps& ops, UnitShards& shards, int64_t rank) {
    const int64_t end = std::ssize(shards.units()) - 1;
    const int64_t embed = end - 3;
    TrainParameter& table = ops.parameters()[static_cast<size_t>(policy_.network.token_embedding)];
    ASSERT_TRUE(shards.open(end, Pass::kBackward).ok());
    table.value.mutable_grad() = at::full(table.value.sizes(), static_cast<float>(rank + 1));
    ASSERT_TRUE(shards.close(end, Pass::kBackward).ok());
    EXPECT_EQ(table.gradient.front(), 0);
    ASSERT_TRUE(shards.open(embed, Pass::kBackward).ok());
    ASSERT_TRUE(table.value.grad().defined());
    ASSERT_TRUE(shards.close(embed, Pass::kBackward).ok());
    EXPECT_EQ(table.gradient, std::vector<float>(table.master.size(), 3));
  });
}

}  // namespace
}  // namespace nelumbo
