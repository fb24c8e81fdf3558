// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace nelumbo {

/// What the network sees of one picture: [3, height, width], scaled as its vision tower expects.
struct Picture {
  int64_t height = 0, width = 0;
  std::vector<float> values;

  bool operator==(const Picture&) const = default;
};

/// Shared, never written again.
using Pixels = std::shared_ptr<const Picture>;

/// The image tokens of one picture, in raster order.
struct TokenGrid {
  int64_t rows = 0, cols = 0;

  int64_t tokens() const { return rows * cols; }
  bool operator==(const TokenGrid&) const = default;
};

/// How pictures and tokens become rows of a decoder: what a vision tower leaves of a picture, and
/// how many axes rotary positions have.
struct RowLayout {
  int64_t token_side = 1;  ///< pixels along each side of the square that one image token stands for
  int64_t axes = 1;

  TokenGrid grid(const Picture& picture) const {
    return {picture.height / token_side, picture.width / token_side};
  }
};

}  // namespace nelumbo
