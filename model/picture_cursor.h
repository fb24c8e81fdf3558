// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "model/picture.h"

namespace nelumbo {

/// What one image placeholder stands for: token `index` of the grid of a picture.
struct PictureToken {
  size_t picture = 0;
  int64_t index = 0;
  TokenGrid grid;
};

/// Tells the placeholders of a token sequence, one after another, what they stand for: as many of
/// them as its first picture has tokens for that one, and so on. The pictures must outlive it.
class PictureCursor {
 public:
  PictureCursor(std::span<const Pixels> pictures, const RowLayout& layout)
      : pictures_(pictures), layout_(layout) {}

  /// Nothing when the pictures have no more tokens.
  std::optional<PictureToken> next();
  /// Placeholders that are still to come.
  int64_t left() const;

 private:
  std::span<const Pixels> pictures_;
  RowLayout layout_;
  size_t picture_ = 0;
  int64_t index_ = 0;
};

/// Placeholders that the pictures need in all.
inline int64_t placeholders_of(std::span<const Pixels> pictures, const RowLayout& layout) {
  return PictureCursor(pictures, layout).left();
}

}  // namespace nelumbo
