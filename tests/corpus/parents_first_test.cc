// SPDX-License-Identifier: Apache-2.0
#include "corpus/parents_first.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using Nodes = std::vector<int64_t>;

TEST(ParentsFirst, PutsEveryParentBeforeItsChildren) {
  const ParentsFirst result = parents_first({{1, 2}, {3}, {3}, {}});
  EXPECT_EQ(result.order, (Nodes{3, 1, 2, 0}));
  EXPECT_TRUE(result.cycle.empty());
}

TEST(ParentsFirst, NamesACycle) {
  EXPECT_EQ(parents_first({{1}, {2}, {3}, {1}}).cycle, (Nodes{1, 2, 3}));
  EXPECT_EQ(parents_first({{}, {1}}).cycle, Nodes{1});
}

TEST(ParentsFirst, WalksALongChain) {
  std::vector<Nodes> parents(200'000);
  for (size_t i = 0; i + 1 < parents.size(); ++i)
    parents[i] = {static_cast<int64_t>(i) + 1};
  EXPECT_EQ(parents_first(parents).order.front(), 199'999);
}

}  // namespace
}  // namespace nelumbo
