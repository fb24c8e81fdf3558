// SPDX-License-Identifier: Apache-2.0
#include "corpus/multi_hop_turns.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/support/small_graph.h"

namespace nelumbo {
namespace {

TEST(MultiHopTurns, AreSixteenForEachStart) {
  EXPECT_EQ(most_multi_hop(std::vector<double>{0, 0.5, 2}), 2 * 16);
  EXPECT_EQ(most_multi_hop({}), 0);
}

TEST(MultiHopTurns, BoundWhatAGraphGives) {
  const KnowledgeGraph graph(small_relations());
  const std::vector<double> weights = weights_by_scarcity(graph);
  const auto items = make_multi_hop(graph, weights, {.count = 100'000});
  EXPECT_GT(items.size(), 0U);
  EXPECT_LE(std::ssize(items), most_multi_hop(weights));
}

}  // namespace
}  // namespace nelumbo
