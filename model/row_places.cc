// SPDX-License-Identifier: Apache-2.0
#include "model/row_places.h"

#include <algorithm>

namespace nelumbo {

RowLayout row_layout(const ModelConfig& config) {
  return {.token_side = config.token_side(), .axes = config.decoder.rope_axes()};
}

void RowPlaces::add_token(std::vector<int32_t>* positions) {
  positions->insert(positions->end(), static_cast<size_t>(axes_), next_++);
}

void RowPlaces::add_picture_row(const TokenGrid& grid, int64_t index,
                                std::vector<int32_t>* positions) {
  if (axes_ == 1)
    return add_token(positions);
  positions->push_back(next_);
  positions->push_back(next_ + static_cast<int32_t>(index / grid.cols));
  positions->push_back(next_ + static_cast<int32_t>(index % grid.cols));
  if (index + 1 == grid.tokens())
    next_ += static_cast<int32_t>(std::max(grid.rows, grid.cols));
}

}  // namespace nelumbo
