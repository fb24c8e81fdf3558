// SPDX-License-Identifier: Apache-2.0
//
// Assignment by shortest augmenting paths with potentials (H. W. Kuhn 1955; J. Munkres 1957; the
// O(n^2 m) form after E. Lawler, Combinatorial Optimization, 1976). Rows are added one at a time;
// u and v keep every reduced cost c[i][j] - u[i] - v[j] >= 0, and 0 on matched pairs. Values are
// negated into costs, because the algorithm minimises. The one trap: it needs rows <= columns, so
// the matrix is transposed when there are more rows.
#include "reward/boxes.h"

#include <algorithm>
#include <cstdio>
#include <limits>

#include "base/check.h"
#include "corpus/coordinates.h"

namespace nelumbo {

namespace {

using Matrix = std::vector<std::vector<double>>;

/// State of the assignment; index 0 of rows and columns stands for "none".
class Assignment {
 public:
  explicit Assignment(const Matrix& value)
      : value_(value),
        columns_(std::ssize(value.front())),
        u_(value.size() + 1),
        v_(value.front().size() + 1),
        row_of_(value.front().size() + 1) {}

  void add_row(int64_t row) {
    std::vector<double> least(v_.size(), std::numeric_limits<double>::infinity());
    std::vector<int64_t> from(v_.size());
    std::vector<bool> used(v_.size());
    row_of_[0] = row;
    int64_t column = 0;
    while (row_of_[column] != 0)
      column = step(column, least, from, used);
    for (; column != 0; column = from[column])
      row_of_[column] = row_of_[from[column]];
  }

  int64_t row_of(int64_t column) const { return row_of_[column]; }

 private:
  /// Grows the tree of shortest paths by one column and returns that column.
  int64_t step(int64_t column, std::vector<double>& least, std::vector<int64_t>& from,
               std::vector<bool>& used) {
    used[column] = true;
    const int64_t row = row_of_[column];
    double delta = std::numeric_limits<double>::infinity();
    int64_t next = 0;
    for (int64_t j = 1; j <= columns_; ++j) {
      if (used[j])
        continue;
      const double cost = -value_[row - 1][j - 1] - u_[row] - v_[j];
      if (cost < least[j]) {
        least[j] = cost;
        from[j] = column;
      }
      if (least[j] < delta) {
        delta = least[j];
        next = j;
      }
    }
    for (int64_t j = 0; j <= columns_; ++j) {
      if (used[j]) {
        u_[row_of_[j]] += delta;
        v_[j] -= delta;
      } else {
        least[j] -= delta;
      }
    }
    return next;
  }

  const Matrix& value_;
  int64_t columns_;
  std::vector<double> u_, v_;
  std::vector<int64_t> row_of_;
};

Matrix transposed(const Matrix& value) {
  Matrix out(value.front().size(), std::vector<double>(value.size()));
  for (size_t i = 0; i < value.size(); ++i)
    for (size_t j = 0; j < value.front().size(); ++j)
      out[j][i] = value[i][j];
  return out;
}

}  // namespace

std::optional<BestBox> best_box(const Box& box, std::span<const Box> truth) {
  std::optional<BestBox> best;
  for (int64_t i = 0; i < std::ssize(truth); ++i) {
    const double overlap = iou(box, truth[i]);
    if (!best || overlap > best->iou)
      best = BestBox{i, overlap};
  }
  return best;
}

double share_inside(const Box& inner, const Box& outer) {
  return inner.area() > 0 ? intersection(inner, outer).area() / inner.area() : 0;
}

std::string to_text(const Box& box) {
  char text[160];
  std::snprintf(text, sizeof text, "[%g, %g, %g, %g]", box.x0, box.y0, box.x1, box.y1);
  return text;
}

std::vector<std::optional<int64_t>> best_matching(const Matrix& value) {
  std::vector<std::optional<int64_t>> match(value.size());
  if (value.empty() || value.front().empty())
    return match;
  for (const auto& row : value)
    NELUMBO_CHECK(row.size() == value.front().size()) << "rows of different length";
  const bool turn = value.size() > value.front().size();
  const Matrix wide = turn ? transposed(value) : value;
  Assignment assignment(wide);
  for (int64_t row = 1; row <= std::ssize(wide); ++row)
    assignment.add_row(row);
  for (int64_t column = 1; column <= std::ssize(wide.front()); ++column) {
    const int64_t row = assignment.row_of(column);
    if (row == 0)
      continue;
    if (turn)
      match[column - 1] = row - 1;
    else
      match[row - 1] = column - 1;
  }
  return match;
}

BoxesScore boxes_f1(std::span<const Box> boxes, std::span<const Box> truth, double threshold,
                    bool soft) {
  if (boxes.empty() && truth.empty())
    return {0, 1};
  Matrix value(boxes.size(), std::vector<double>(truth.size()));
  for (size_t i = 0; i < boxes.size(); ++i) {
    for (size_t j = 0; j < truth.size(); ++j) {
      const double overlap = iou(boxes[i], truth[j]);
      // A pair outweighs any gain in overlap, so that the number of pairs comes first.
      const auto most = static_cast<double>(std::min(boxes.size(), truth.size()));
      value[i][j] = overlap >= threshold && overlap > 0 ? 1 + overlap / (2 * most) : 0;
    }
  }
  BoxesScore score;
  const auto match = best_matching(value);
  for (size_t i = 0; i < boxes.size(); ++i)
    if (match[i] && value[i][*match[i]] > 0)
      score.matched += soft ? iou(boxes[i], truth[*match[i]]) : 1;
  score.f1 = 2 * score.matched / static_cast<double>(boxes.size() + truth.size());
  return score;
}

}  // namespace nelumbo
