// SPDX-License-Identifier: Apache-2.0
#include "model/merge_table.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(MergeTable, FindsPairsByLeftAndRight) {
  const MergeTable table({{5, 1, 10}, {0, 9, 11}, {5, 0, 12}});
  ASSERT_NE(table.find(5, 1), nullptr);
  EXPECT_EQ(table.find(5, 1)->merged, 10);
  EXPECT_EQ(table.find(5, 1)->rank, 0);
  EXPECT_EQ(table.find(0, 9)->merged, 11);
  EXPECT_EQ(table.find(5, 0)->rank, 2);
  for (const auto& [left, right] : {std::pair(5, 2), {1, 5}, {4, 0}, {6, 0}, {1'000'000, 0}})
    EXPECT_EQ(table.find(left, right), nullptr);
  EXPECT_EQ(MergeTable().find(0, 0), nullptr);
}

TEST(MergeTable, NamesTheFirstRepetition) {
  EXPECT_EQ(MergeTable({{1, 2, 3}, {2, 1, 3}}).repeated(), std::nullopt);
  const MergeTable table({{1, 2, 3}, {4, 4, 5}, {4, 4, 6}, {1, 2, 7}});
  EXPECT_EQ(table.repeated(), 2);
  EXPECT_EQ(table.find(1, 2)->merged, 3) << "the earlier one counts";
}

}  // namespace
}  // namespace nelumbo
