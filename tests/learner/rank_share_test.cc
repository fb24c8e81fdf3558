// SPDX-License-Identifier: Apache-2.0
#include "learner/rank_share.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

/// One item behind one token of prefix: it takes `rows` rows.
TrainingGroup group(int64_t rows) {
  TrainingItem item;
  item.task = "locate";
  item.tokens.assign(static_cast<size_t>(rows), 5);
  item.trained.assign(static_cast<size_t>(rows), 1);
  return {.prefix = {1}, .pixels = {}, .items = {item}};
}

PackOptions options(int64_t max_tokens) {
  return {.image_token_id = std::nullopt, .layout = {}, .max_tokens = max_tokens};
}

TEST(RankShare, OneRankComputesWhatPackGives) {
  const std::vector<TrainingGroup> groups = {group(4), group(5)};
  const RankShare share = rank_share(groups, options(100), 0, 1);
  ASSERT_EQ(share.batches.size(), 1);
  EXPECT_EQ(share.batches[0].tokens.size(), 9);
  EXPECT_EQ(share.tasks, std::vector<std::string>{"locate"});
}

TEST(RankShare, EachTargetBelongsToOneRankAndRowsAreBalanced) {
  std::vector<TrainingGroup> groups;
  for (const int64_t rows : {50, 3, 20, 20, 7, 31, 9, 12})
    groups.push_back(group(rows));
  for (const int64_t ranks : {2, 3, 4}) {
    std::vector<int32_t> seen;
    std::vector<int64_t> rows;
    for (int64_t r = 0; r < ranks; ++r) {
      const RankShare share = rank_share(groups, options(1000), r, ranks);
      rows.push_back(0);
      for (const PackedBatch& batch : share.batches) {
        rows.back() += std::ssize(batch.tokens);
        seen.insert(seen.end(), batch.group.begin(), batch.group.end());
      }
    }
    EXPECT_EQ(std::ranges::count(seen, 0), 50);
    EXPECT_EQ(std::ssize(seen), 50 + 3 + 20 + 20 + 7 + 31 + 9 + 12);
    EXPECT_LE(*std::ranges::max_element(rows), 1.5 * 152 / static_cast<double>(ranks));
  }
}

TEST(RankShare, ARankWithoutWorkStillKnowsTheTasks) {
  const std::vector<TrainingGroup> groups = {group(4)};
  const RankShare idle = rank_share(groups, options(100), 1, 2);
  EXPECT_TRUE(idle.batches.empty());
  EXPECT_EQ(idle.tasks, std::vector<std::string>{"locate"});
}

}  // namespace
}  // namespace nelumbo
