// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/config.h"
#include "model/image.h"

namespace nelumbo {

/// In pixels.
struct PictureSize {
  int64_t width = 0, height = 0;
};

/// How a picture was cut: `rows` x `cols` tiles, in raster order, and the whole picture as one more
/// tile behind them. 0 x 0: the whole picture alone.
struct TileLayout {
  int64_t rows = 0, cols = 0;

  int64_t tiles() const { return rows * cols + 1; }
  bool operator==(const TileLayout&) const = default;
};

/// What the network sees of one picture, [3, size, size] in [-1, 1] for each tile.
struct Tiles {
  TileLayout layout;
  std::vector<std::shared_ptr<const std::vector<float>>> pixels;
};

/// How a model of the Idefics3 family looks at a picture of any size: preprocessor_config.json.
/// With splitting, the long edge is brought to `size`, then both edges up to whole tiles, that is
/// cut into tiles, and the whole of it shrunk into one more. Immutable.
class ImageProcessor {
 public:
  /// Reads it from a model directory. kBadData names the key that is not supported.
  static Result<ImageProcessor> read(const std::string& directory, const ModelConfig& config);

  TileLayout layout(const PictureSize& size) const;
  Tiles tiles(const Image& image) const;

  /// What a prompt says in the place of a picture, control tokens and all.
  std::string placeholder(const TileLayout& layout) const;

 private:
  ImageProcessor() = default;
  PictureSize fitted(const PictureSize& size) const;
  PictureSize tiled(const PictureSize& size) const;

  int64_t tile_ = 0;
  int64_t longest_edge_ = 0;  ///< 0: the size is kept
  bool splits_ = false;
  Resample filter_ = Resample::kLanczos;
  int64_t image_tokens_ = 0;  ///< of one tile
};

}  // namespace nelumbo
