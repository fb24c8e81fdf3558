// SPDX-License-Identifier: Apache-2.0
#include "model/patch_rows.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/check.h"
#include "model/row_places.h"

namespace nelumbo {
namespace {

/// Rows of one pass over the vision tower.
constexpr int64_t kRowsAtOnce = 32768;

int64_t patches_of(const VisionConfig& config, const Picture& picture) {
  return (picture.height / config.patch_size) * (picture.width / config.patch_size);
}

Segment segment(int64_t begin, int64_t end) {
  return {.begin = begin, .length = end - begin, .parent = std::nullopt, .causal = false};
}

/// Appends the rows of one picture after another.
class Builder {
 public:
  explicit Builder(const ModelConfig& config) : config_(config), layout_(row_layout(config)) {}

  void add(const Picture& picture) {
    const TokenGrid grid = layout_.grid(picture);
    const int64_t factor = config_.scale_factor;
    NELUMBO_CHECK(grid.rows * layout_.token_side == picture.height &&
                  grid.cols * layout_.token_side == picture.width)
        << "a picture of " << picture.width << " x " << picture.height << " has no whole tokens";
    const int64_t begin = std::ssize(rows_.places);
    if (config_.vision.windows)
      add_windows(grid);
    else
      add_square(0, 0, grid.rows * factor, grid.cols * factor);
    rows_.pictures.push_back(segment(begin, std::ssize(rows_.places)));
  }

  PatchRows take() { return std::move(rows_); }

 private:
  /// The patches of a rectangle, in raster order.
  void add_square(int64_t top, int64_t left, int64_t height, int64_t width) {
    for (int64_t row = top; row < top + height; ++row)
      for (int64_t col = left; col < left + width; ++col) {
        rows_.places.push_back({static_cast<int32_t>(row), static_cast<int32_t>(col)});
        rows_.positions.push_back(static_cast<int32_t>(row));
        rows_.positions.push_back(static_cast<int32_t>(col));
      }
  }

  void add_windows(const TokenGrid& grid) {
    const int64_t side = config_.vision.windows->size / layout_.token_side;
    const int64_t first = std::ssize(rows_.order);
    rows_.order.resize(static_cast<size_t>(first + grid.tokens()));
    for (int64_t top = 0; top < grid.rows; top += side)
      for (int64_t left = 0; left < grid.cols; left += side)
        add_window(grid, top, left, side, first);
  }

  void add_window(const TokenGrid& grid, int64_t top, int64_t left, int64_t side, int64_t first) {
    const int64_t factor = config_.scale_factor;
    const int64_t begin = std::ssize(rows_.places);
    for (int64_t row = top; row < std::min(top + side, grid.rows); ++row)
      for (int64_t col = left; col < std::min(left + side, grid.cols); ++col) {
        rows_.order[static_cast<size_t>(first + row * grid.cols + col)] =
            std::ssize(rows_.places) / (factor * factor);
        add_square(row * factor, col * factor, factor, factor);
      }
    rows_.windows.push_back(segment(begin, std::ssize(rows_.places)));
  }

  const ModelConfig& config_;
  RowLayout layout_;
  PatchRows rows_;
};

}  // namespace

PatchRows patch_rows(const ModelConfig& config, std::span<const Pixels> pictures) {
  Builder builder(config);
  for (const Pixels& picture : pictures)
    builder.add(*picture);
  return builder.take();
}

int64_t patch_size(const VisionConfig& config) {
  return 3 * config.frames() * config.patch_size * config.patch_size;
}

void fill_patches(Team& team, const VisionConfig& config, const PatchRows& rows,
                  std::span<const Pixels> pictures, float* out) {
  team.run(std::ssize(pictures), [&](int64_t i) {
    const Picture& picture = *pictures[static_cast<size_t>(i)];
    const Segment& own = rows.pictures[static_cast<size_t>(i)];
    const std::span<const PatchPlace> places(rows.places.data() + own.begin,
                                             static_cast<size_t>(own.length));
    patches(picture.values.data(), 3, picture.height, picture.width, config.patch_size,
            config.frames(), places, out + own.begin * patch_size(config));
  });
}

size_t pictures_of_pass(const VisionConfig& config, std::span<const Pixels> pictures) {
  int64_t rows = 0;
  size_t count = 0;
  while (count < pictures.size()) {
    rows += patches_of(config, *pictures[count]);
    if (count > 0 && rows > kRowsAtOnce)
      break;
    ++count;
  }
  return count;
}

}  // namespace nelumbo
