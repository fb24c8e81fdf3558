// SPDX-License-Identifier: Apache-2.0
#include "learner/packing.h"

#include <algorithm>
#include <map>
#include <random>
#include <tuple>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

constexpr int32_t kImage = 99;

using Ints = std::vector<int32_t>;
using Rows = std::vector<int64_t>;

TrainingItem item(const char* task, Ints tokens, std::vector<uint8_t> trained) {
  return {.task = task,
          .tokens = std::move(tokens),
          .trained = std::move(trained),
          .pixels = {},
          .advantages = {},
          .old_logprobs = {}};
}

TrainingGroup group(Ints prefix, std::vector<TrainingItem> items) {
  return {.prefix = std::move(prefix), .pixels = {}, .items = std::move(items)};
}

Pixels picture(int64_t tokens = 2) {
  return std::make_shared<const Picture>(
      Picture{1, tokens, std::vector<float>(static_cast<size_t>(3 * tokens), 0.5F)});
}

PackOptions options(int64_t max_tokens) {
  return {.image_token_id = kImage, .layout = {.token_side = 1}, .max_tokens = max_tokens};
}

TEST(Packing, WorkedExampleOfTheHeader) {
  const std::vector<TrainingGroup> groups{
      group({1, 2}, {item("x", {10, 11, 12}, {0, 1, 1}), item("y", {13}, {1})})};
  const std::vector<PackedBatch> batches = pack(groups, options(100));
  ASSERT_EQ(batches.size(), 1U);
  const PackedBatch& batch = batches[0];
  EXPECT_EQ(batch.tokens, (Ints{1, 2, 10, 11}));
  EXPECT_EQ(batch.positions, (Ints{0, 1, 2, 3}));
  ASSERT_EQ(batch.segments.size(), 2U);
  EXPECT_FALSE(batch.segments[0].parent.has_value());
  EXPECT_EQ(batch.segments[1].begin, 2);
  EXPECT_EQ(batch.segments[1].length, 2);
  EXPECT_EQ(batch.segments[1].parent, 0);
  EXPECT_EQ(batch.targets, (Ints{11, 12, 13}));
  EXPECT_EQ(batch.rows, (Rows{2, 3, 1}));
  EXPECT_EQ(batch.weights, (std::vector<float>(3, 1.0F / 3)));
  EXPECT_EQ(batch.item, (Ints{0, 0, 1}));
  EXPECT_EQ(batch.task, (Ints{0, 0, 1}));
  EXPECT_EQ(batch.tasks, (std::vector<std::string>{"x", "y"}));
  EXPECT_TRUE(batch.advantages.empty());
}

TEST(Packing, PositionsRestartWithEachGroupAndItemsGoOnBehindThePrefix) {
  const std::vector<TrainingGroup> groups{
      group({1}, {item("x", {2, 3}, {1, 1}), item("x", {4, 5, 6}, {1, 1, 1})}),
      group({7, 8}, {item("x", {9, 10}, {1, 1})})};
  const PackedBatch batch = pack(groups, options(100))[0];
  EXPECT_EQ(batch.tokens, (Ints{1, 2, 4, 5, 7, 8, 9}));
  EXPECT_EQ(batch.positions, (Ints{0, 1, 1, 2, 0, 1, 2}));
  EXPECT_EQ(batch.rows, (Rows{0, 1, 0, 2, 3, 5, 6}));
  EXPECT_EQ(batch.segments[2].parent, 0);
  EXPECT_EQ(batch.segments[4].parent, 3);
  EXPECT_EQ(batch.group, (Ints{0, 0, 0, 0, 0, 1, 1}));
}

TEST(Packing, APictureIsEncodedOnceHoweverOftenItIsUsed) {
  const Pixels a = picture(), b = picture();
  TrainingItem tool = item("x", {5, kImage, kImage, 6}, {1, 0, 0, 1});
  tool.pixels = {b};
  TrainingGroup first = group({kImage, kImage, 1}, {tool, item("x", {7}, {1})});
  first.pixels = {a};
  TrainingGroup second = group({2, kImage, kImage}, {item("x", {8}, {1})});
  second.pixels = {a};
  const PackedBatch batch = pack(std::vector{first, second}, options(100))[0];
  EXPECT_EQ(batch.pixels, (std::vector{a, b}));
  EXPECT_EQ(batch.image_rows, (Rows{0, 1, 4, 5, 7, 8}));
  EXPECT_EQ(batch.image_sources, (Rows{0, 1, 2, 3, 0, 1}));
}

TEST(Packing, APictureTakesItsOwnNumberOfPlaceholders) {
  const Pixels wide = picture(3), narrow = picture(1);
  TrainingItem item_of_two = item("x", {kImage, 5, kImage, kImage, kImage, 6}, {0, 0, 0, 0, 0, 1});
  item_of_two.pixels = {narrow, wide};
  TrainingGroup one = group({kImage, kImage, kImage, 1}, {item_of_two});
  one.pixels = {wide};
  const PackedBatch batch = pack(std::vector{one}, options(100))[0];
  EXPECT_EQ(batch.pixels, (std::vector{wide, narrow}));
  EXPECT_EQ(batch.image_rows, (Rows{0, 1, 2, 4, 6, 7, 8}));
  EXPECT_EQ(batch.image_sources, (Rows{0, 1, 2, 3, 0, 1, 2}));
}

TEST(Packing, RowsOfPicturesHaveThreePositionsWhereTheModelHasThreeAxes) {
  TrainingGroup one = group({1, kImage, kImage}, {item("x", {2, 3}, {0, 1}), item("x", {4}, {1})});
  one.pixels = {picture()};
  PackOptions three = options(100);
  three.layout.axes = 3;
  const PackedBatch batch = pack(std::vector{one}, three)[0];
  EXPECT_EQ(batch.tokens, (Ints{1, kImage, kImage, 2}));
  EXPECT_EQ(batch.positions, (Ints{0, 0, 0, 1, 1, 1, 1, 1, 2, 3, 3, 3}));
}

TEST(Packing, APlaceholderThatThePolicyDrewIsNoPicture) {
  const std::vector<TrainingGroup> groups{group({1}, {item("x", {kImage, 2}, {1, 1})})};
  const PackedBatch batch = pack(groups, options(100))[0];
  EXPECT_TRUE(batch.image_rows.empty());
  EXPECT_EQ(batch.targets, (Ints{kImage, 2}));
}

TEST(PackingDeathTest, PlaceholdersMustMatchThePictures) {
  TrainingGroup few = group({kImage, 1}, {item("x", {2}, {1})});
  few.pixels = {picture()};
  EXPECT_DEATH((void)pack(std::vector{few}, options(100)), "1 image placeholders for 1 pictures");
  few.prefix = {kImage, kImage, kImage, kImage};
  EXPECT_DEATH((void)pack(std::vector{few}, options(100)), "4 image placeholders for 1 pictures");
}

TEST(Packing, ItemsAndGroupsWithoutTargetsTakeNoRoom) {
  const std::vector<TrainingGroup> groups{
      group({1, 2, 3}, {item("x", {4}, {0}), item("x", {}, {})}),
      group({5}, {item("x", {6, 7}, {0, 0}), item("x", {8, 9, 9}, {1, 0, 0})})};
  const PackedBatch batch = pack(groups, options(100))[0];
  EXPECT_EQ(batch.tokens, (Ints{5}));
  EXPECT_EQ(batch.targets, (Ints{8}));
  EXPECT_EQ(batch.rows, (Rows{0}));
  EXPECT_EQ(batch.weights, (std::vector<float>{1}));
}

TEST(Packing, NothingToTrainGivesNoBatch) {
  EXPECT_TRUE(pack({}, options(10)).empty());
  EXPECT_TRUE(pack(std::vector{group({1}, {item("x", {2}, {0})})}, options(10)).empty());
}

TEST(Packing, PutsAGroupIntoTheFirstBatchWithRoom) {
  const auto of_rows = [](int32_t rows) { return group(Ints(rows, 1), {item("x", {rows}, {1})}); };
  const std::vector<PackedBatch> batches =
      pack(std::vector{of_rows(6), of_rows(7), of_rows(4), of_rows(3)}, options(10));
  ASSERT_EQ(batches.size(), 2U);
  EXPECT_EQ(batches[0].targets, (Ints{6, 4}));
  EXPECT_EQ(batches[1].targets, (Ints{7, 3}));
}

TEST(Packing, AGroupThatExceedsABatchRepeatsItsPrefix) {
  const std::vector<TrainingGroup> groups{group(
      {1, 2},
      {item("x", {3, 4, 5}, {1, 1, 1}), item("x", {6, 7, 8}, {1, 1, 1}), item("x", {9}, {1})})};
  const std::vector<PackedBatch> batches = pack(groups, options(5));
  ASSERT_EQ(batches.size(), 2U);
  EXPECT_EQ(batches[0].tokens, (Ints{1, 2, 3, 4}));
  EXPECT_EQ(batches[1].tokens, (Ints{1, 2, 6, 7}));
  EXPECT_EQ(batches[1].targets, (Ints{6, 7, 8, 9}));
  EXPECT_EQ(batches[1].item, (Ints{1, 1, 1, 2}));
}

TEST(Packing, AGroupThatFillsABatchExactlyStaysWhole) {
  const std::vector<TrainingGroup> groups{
      group({1, 2}, {item("x", {3, 4, 5}, {1, 1, 1}), item("x", {6, 7}, {1, 1})})};
  EXPECT_EQ(pack(groups, options(5)).size(), 1U);
  EXPECT_EQ(pack(groups, options(4)).size(), 2U);
}

TEST(Packing, APictureBehindTheLastTargetIsNotEncoded) {
  TrainingItem seen_last = item("x", {5, kImage, kImage}, {1, 0, 0});
  seen_last.pixels = {picture()};
  const PackedBatch batch = pack(std::vector{group({1}, {seen_last})}, options(10))[0];
  EXPECT_EQ(batch.tokens, (Ints{1}));
  EXPECT_TRUE(batch.image_rows.empty());
  EXPECT_TRUE(batch.pixels.empty());
}

TEST(Packing, AnItemThatFitsNowhereStandsAlone) {
  const std::vector<TrainingGroup> groups{
      group({1, 2}, {item("x", {3, 4, 5}, {1, 1, 1}), item("x", {6}, {1})})};
  const std::vector<PackedBatch> batches = pack(groups, options(1));
  ASSERT_EQ(batches.size(), 2U);
  EXPECT_EQ(batches[0].tokens, (Ints{1, 2, 3, 4}));
  EXPECT_EQ(batches[1].tokens, (Ints{1, 2}));
}

TEST(Packing, PolicyItemsCarryTheirAdvantagesAndLogProbs) {
  TrainingItem drawn = item("x", {3, 4, 5}, {1, 0, 1});
  drawn.advantages = {0.5F, 0, -0.5F};
  drawn.old_logprobs = {-1, 0, -2};
  const PackedBatch batch = pack(std::vector{group({1}, {drawn})}, options(10))[0];
  EXPECT_EQ(batch.advantages, (std::vector<float>{0.5F, -0.5F}));
  EXPECT_EQ(batch.old_logprobs, (std::vector<float>{-1, -2}));
}

/// Groups of random sizes; tokens are unique, so a target names its place.
std::vector<TrainingGroup> random_groups(uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](int n) { return static_cast<int>(random() % n); };
  int32_t next = 1000;
  std::vector<TrainingGroup> groups;
  for (int g = 0; g < 12; ++g) {
    TrainingGroup one;
    for (int t = 0; t < 1 + below(6); ++t)
      one.prefix.push_back(next++);
    for (int i = 0; i < below(6); ++i) {
      TrainingItem an = item("x", {}, {});
      for (int t = 0; t < below(8); ++t) {
        an.tokens.push_back(next++);
        an.trained.push_back(static_cast<uint8_t>(below(2)));
      }
      an.weight = static_cast<float>(1 + below(3));
      one.items.push_back(an);
    }
    groups.push_back(one);
  }
  return groups;
}

/// What a target is predicted from: its weight, the token before it, and its position.
using Scored = std::map<int32_t, std::tuple<float, int32_t, int32_t>>;

Scored scored(const std::vector<PackedBatch>& batches) {
  Scored all;
  for (const PackedBatch& batch : batches)
    for (size_t s = 0; s < batch.targets.size(); ++s) {
      const int64_t row = batch.rows[s];
      const bool fresh =
          all.emplace(batch.targets[s],
                      std::tuple{batch.weights[s], batch.tokens[row], batch.positions[row]})
              .second;
      EXPECT_TRUE(fresh) << "target " << batch.targets[s] << " is scored twice";
    }
  return all;
}

TEST(Packing, EveryTargetKeepsItsWeightAndContextForAnyBatchSize) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const std::vector<TrainingGroup> groups = random_groups(seed);
    const Scored whole = scored(pack(groups, options(1 << 20)));
    ASSERT_GT(whole.size(), 10U);
    for (const int64_t max_tokens : {1, 3, 7, 12, 20, 50})
      EXPECT_EQ(scored(pack(groups, options(max_tokens))), whole) << max_tokens;
  }
}

TEST(Packing, NoBatchExceedsItsRoomUnlessOneItemDoes) {
  for (const PackedBatch& batch : pack(random_groups(3), options(20))) {
    EXPECT_LE(std::ssize(batch.tokens), 20);
    EXPECT_EQ(batch.tokens.size(), batch.positions.size());
    int64_t end = 0;
    for (const Segment& segment : batch.segments) {
      EXPECT_EQ(segment.begin, end);
      EXPECT_GT(segment.length, 0);
      end += segment.length;
    }
    EXPECT_EQ(end, std::ssize(batch.tokens));
  }
}

}  // namespace
}  // namespace nelumbo
