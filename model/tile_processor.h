// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "model/config_section.h"
#include "model/image_processor.h"

namespace nelumbo {

/// How a picture was cut: `rows` x `cols` tiles, in raster order, and the whole picture as one more
/// tile behind them. 0 x 0: the whole picture alone.
struct TileLayout {
  int64_t rows = 0, cols = 0;

  int64_t tiles() const { return rows * cols + 1; }
  bool operator==(const TileLayout&) const = default;
};

/// How a model of the Idefics3 family looks at a picture of any size. With splitting, the long edge
/// is brought to `size`, then both edges up to whole tiles, that is cut into tiles, and the whole
/// of it shrunk into one more. Each tile is a square picture for the network, in [-1, 1].
class TileProcessor : public ImageProcessor {
 public:
  /// Complaints stay in the section.
  static TileProcessor read(const ConfigSection& section, const ModelConfig& config);

  Result<SeenImage> see(const Image& image) const override;
  std::string mark() const override { return "<image>"; }

  TileLayout layout(const PictureSize& size) const;
  std::vector<Pixels> tiles(const Image& image, const TileLayout& layout) const;
  std::string placeholder(const TileLayout& layout) const;

 private:
  TileProcessor() = default;
  PictureSize fitted(const PictureSize& size) const;
  PictureSize tiled(const PictureSize& size) const;

  int64_t tile_ = 0;
  int64_t longest_edge_ = 0;  ///< 0: the size is kept
  bool splits_ = false;
  Resample filter_ = Resample::kLanczos;
  int64_t image_tokens_ = 0;  ///< of one tile
};

}  // namespace nelumbo
