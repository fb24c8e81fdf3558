// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "model/config.h"
#include "model/picture.h"

namespace nelumbo {

RowLayout row_layout(const ModelConfig& config);

/// Hands out the rotary positions of a sequence's rows, in order. With one axis they count up. With
/// three (time, height, width: Wang et al., 2024, Qwen2-VL) a token stands at the same place n on
/// each; token (i, j) of a picture at (n, n + i, n + j), and what follows the picture goes on at n
/// plus the longer side of its grid.
///
/// Example, three axes, "a", a picture of 1 x 2, "b":  (0,0,0) (1,1,1) (1,1,2) (3,3,3)
class RowPlaces {
 public:
  explicit RowPlaces(int64_t axes) : axes_(axes) {}

  /// Appends the positions of the next row, a token's.
  void add_token(std::vector<int32_t>* positions);
  /// The same of row `index` of a picture. REQUIRES: a picture's rows come in order, and together.
  void add_picture_row(const TokenGrid& grid, int64_t index, std::vector<int32_t>* positions);

 private:
  int64_t axes_;
  int32_t next_ = 0;
};

}  // namespace nelumbo
