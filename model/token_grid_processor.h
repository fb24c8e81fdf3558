// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/config_section.h"
#include "model/image_processor.h"

namespace nelumbo {

/// How a model of the Qwen2.5-VL family looks at a picture of any size: as one, both of whose edges
/// are brought to whole tokens near their length, and its area between two bounds.
class TokenGridProcessor : public ImageProcessor {
 public:
  /// Complaints stay in the section.
  static TokenGridProcessor read(const ConfigSection& section, const ModelConfig& config);

  /// kBadData for a picture 200 times as long as wide.
  Result<SeenImage> see(const Image& image) const override;
  std::string mark() const override { return "<|image_pad|>"; }
  std::string framed_mark() const override {
    return "<|vision_start|>" + mark() + "<|vision_end|>";
  }

  /// Nothing for a picture 200 times as long as wide.
  std::optional<PictureSize> fitted(const PictureSize& size) const;
  Image resized(const Image& image, const PictureSize& size) const;

 private:
  TokenGridProcessor() = default;

  int64_t token_side_ = 0;
  int64_t least_pixels_ = 0, most_pixels_ = 0;
  Resample filter_ = Resample::kBicubic;
  PixelScale scale_;
};

}  // namespace nelumbo
