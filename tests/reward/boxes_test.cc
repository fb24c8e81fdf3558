// SPDX-License-Identifier: Apache-2.0
#include "reward/boxes.h"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace nelumbo {
namespace {

using Matrix = std::vector<std::vector<double>>;

double total(const Matrix& value, const std::vector<std::optional<int64_t>>& match) {
  double sum = 0;
  for (size_t i = 0; i < match.size(); ++i)
    if (match[i])
      sum += value[i][static_cast<size_t>(*match[i])];
  return sum;
}

/// The best total over all ways to give each row of a wide matrix its own column.
double brute_force(const Matrix& value) {
  std::vector<size_t> columns(value.front().size());
  std::iota(columns.begin(), columns.end(), size_t{0});
  double best = -1e300;
  do {
    double sum = 0;
    for (size_t i = 0; i < value.size(); ++i)
      sum += value[i][columns[i]];
    best = std::max(best, sum);
  } while (std::ranges::next_permutation(columns).found);
  return best;
}

Matrix random_matrix(size_t rows, size_t columns, Random& random) {
  Matrix value(rows, std::vector<double>(columns));
  for (auto& row : value)
    for (double& x : row)
      x = random.uniform() - 0.3;
  return value;
}

Matrix transposed(const Matrix& value) {
  Matrix out(value.front().size(), std::vector<double>(value.size()));
  for (size_t i = 0; i < value.size(); ++i)
    for (size_t j = 0; j < value.front().size(); ++j)
      out[j][i] = value[i][j];
  return out;
}

TEST(Matching, EqualsBruteForceOnRandomMatrices) {
  Random random(7, Purpose::kControl);
  for (int trial = 0; trial < 200; ++trial) {
    const size_t columns = 1 + static_cast<size_t>(random.below(6));
    const size_t rows = 1 + static_cast<size_t>(random.below(static_cast<int64_t>(columns)));
    const Matrix wide = random_matrix(rows, columns, random);
    EXPECT_NEAR(total(wide, best_matching(wide)), brute_force(wide), 1e-12);
    const Matrix tall = transposed(wide);
    EXPECT_NEAR(total(tall, best_matching(tall)), brute_force(wide), 1e-12);
  }
}

TEST(Matching, UsesEachColumnOnce) {
  const auto match = best_matching({{5, 4}, {5, 1}, {5, 0}});
  EXPECT_EQ(match[0], 1);
  EXPECT_EQ(match[1], 0);
  EXPECT_FALSE(match[2].has_value());
}

TEST(Matching, OfNothingIsNothing) {
  EXPECT_TRUE(best_matching({}).empty());
  EXPECT_EQ(best_matching({{}, {}}), (std::vector<std::optional<int64_t>>(2)));
}

TEST(Boxes, FindTheTruthBoxThatOverlapsMost) {
  const std::vector<Box> truth = {{0, 0, 10, 10}, {20, 0, 30, 10}};
  const auto best = best_box({20, 0, 30, 5}, truth);
  ASSERT_TRUE(best.has_value());
  EXPECT_EQ(best->index, 1);
  EXPECT_DOUBLE_EQ(best->iou, 0.5);
  EXPECT_FALSE(best_box({0, 0, 1, 1}, {}).has_value());
}

TEST(Boxes, ShareInsideIsOfTheInnerBox) {
  EXPECT_DOUBLE_EQ(share_inside({0, 0, 10, 10}, {5, 0, 100, 100}), 0.5);
  EXPECT_DOUBLE_EQ(share_inside({0, 0, 10, 10}, {50, 50, 60, 60}), 0);
  EXPECT_DOUBLE_EQ(share_inside({5, 5, 5, 9}, {0, 0, 10, 10}), 0);
}

TEST(Boxes, F1CountsPairsOnce) {
  const std::vector<Box> truth = {{0, 0, 10, 10}, {20, 0, 30, 10}};
  // Hand-worked: one of two truth boxes hit by three boxes on the same place: 2 * 1 / (3 + 2).
  const std::vector<Box> sprayed = {{0, 0, 10, 10}, {0, 0, 10, 10}, {0, 0, 10, 9}};
  EXPECT_DOUBLE_EQ(boxes_f1(sprayed, truth, 0.5, false).f1, 0.4);
  EXPECT_DOUBLE_EQ(boxes_f1(truth, truth, 0.5, false).f1, 1);
  EXPECT_DOUBLE_EQ(boxes_f1({}, truth, 0.5, false).f1, 0);
  EXPECT_DOUBLE_EQ(boxes_f1({}, {}, 0.5, false).f1, 1);
}

TEST(Boxes, SoftF1CountsOverlap) {
  const std::vector<Box> truth = {{0, 0, 10, 10}};
  const std::vector<Box> one = {{0, 0, 10, 8}};  // IoU 0.8
  EXPECT_DOUBLE_EQ(boxes_f1(one, truth, 0.5, true).f1, 0.8);
  EXPECT_DOUBLE_EQ(boxes_f1(one, truth, 0.9, true).f1, 0);
}

TEST(Boxes, F1PrefersMorePairsOverBetterOnes) {
  // The first box overlaps both truth boxes, the second only the first: both can be paired.
  const std::vector<Box> truth = {{0, 0, 10, 10}, {4, 0, 14, 10}};
  const std::vector<Box> boxes = {{0, 0, 11, 10}, {0, 0, 9, 10}};
  EXPECT_DOUBLE_EQ(boxes_f1(boxes, truth, 0.4, false).matched, 2);
}

}  // namespace
}  // namespace nelumbo
