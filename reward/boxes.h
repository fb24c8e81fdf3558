// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/image.h"

namespace nelumbo {

/// The truth box that a box overlaps most.
struct BestBox {
  int64_t index = 0;
  double iou = 0;
};

/// None when there is no truth box.
std::optional<BestBox> best_box(const Box& box, std::span<const Box> truth);

/// The share of `inner` that lies inside `outer`; 0 when `inner` is empty.
double share_inside(const Box& inner, const Box& outer);

/// "[10, 20, 30.5, 40]"
std::string to_text(const Box& box);

/// For each row the column it is matched to, so that the sum of `value[row][column]` over matched
/// pairs is the largest; each column is used once. With more rows than columns some rows stay
/// unmatched. Hungarian algorithm, O(rows^2 * columns). REQUIRES: rows of equal length, finite.
std::vector<std::optional<int64_t>> best_matching(const std::vector<std::vector<double>>& value);

/// What comparing two sets of boxes one to one gave.
struct BoxesScore {
  double matched = 0;  ///< pairs at or over the threshold; in the soft form the sum of their IoU
  double f1 = 0;       ///< 2 * matched / (boxes + truth boxes); 1 when both are empty
};

/// F1 of boxes that are matched one to one, so that spraying boxes lowers it. The matching has as
/// many pairs with IoU >= `threshold` as possible; `soft` counts a pair as its IoU, not as 1.
BoxesScore boxes_f1(std::span<const Box> boxes, std::span<const Box> truth, double threshold,
                    bool soft);

}  // namespace nelumbo
