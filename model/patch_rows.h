// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/kernels.h"
#include "model/config.h"
#include "model/picture.h"

namespace nelumbo {

/// Which rows of a pass over the vision tower may see one another.
enum class Reach { kPicture, kWindow };

/// The rows of one pass over a vision tower: all patches of some pictures, one behind the other.
///
/// A tower without windows has them in raster order. One with windows cuts a picture's tokens, each
/// a square of patches, into windows: its rows go window by window, token by token, patch by patch,
/// in raster order each, so that a window's rows and a token's rows stand together. `order` leads
/// back.
struct PatchRows {
  std::vector<PatchPlace> places;  ///< [rows]
  std::vector<int32_t> positions;  ///< [rows, 2] the same, as rotary positions: row, column
  std::vector<Segment> pictures;   ///< the rows of each picture, not causal
  std::vector<Segment> windows;    ///< the rows of each window, not causal
  std::vector<int64_t> order;      ///< [tokens] which of the rows' tokens is raster token i

  const std::vector<Segment>& segments(Reach reach) const {
    return reach == Reach::kPicture ? pictures : windows;
  }
};

/// REQUIRES: pictures whose sides are whole tokens.
PatchRows patch_rows(const ModelConfig& config, std::span<const Pixels> pictures);

/// Floats of one row.
int64_t patch_size(const VisionConfig& config);
/// What the patch embedding reads, [rows, patch_size].
void fill_patches(Team& team, const VisionConfig& config, const PatchRows& rows,
                  std::span<const Pixels> pictures, float* out);

/// How many of the pictures one pass takes, which keeps what each of its layers gave: at least one,
/// and no more than a bounded number of rows.
size_t pictures_of_pass(const VisionConfig& config, std::span<const Pixels> pictures);

}  // namespace nelumbo
