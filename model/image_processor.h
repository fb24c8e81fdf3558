// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/config.h"
#include "model/image.h"
#include "model/picture.h"

namespace nelumbo {

/// In pixels.
struct PictureSize {
  int64_t width = 0, height = 0;

  bool operator==(const PictureSize&) const = default;
};

/// What a model is shown of one image.
struct SeenImage {
  std::vector<Pixels> pixels;  ///< as many pictures as the network sees of it, in order
  std::string placeholder;     ///< what stands in a prompt for all of them, control tokens and all
};

/// How a model looks at images of any size, and what its prompts say in their place. Immutable.
class ImageProcessor {
 public:
  virtual ~ImageProcessor() = default;

  /// kBadData: the image cannot be shown, and why.
  virtual Result<SeenImage> see(const Image& image) const = 0;

  /// What a prompt says where an image is to stand: "<image>".
  virtual std::string mark() const = 0;
  /// The mark with what the model's chat template puts around it.
  virtual std::string framed_mark() const { return mark(); }
};

/// Reads preprocessor_config.json from a model directory. kBadData names the key that is not
/// supported. REQUIRES: a model that sees.
Result<std::unique_ptr<const ImageProcessor>> read_image_processor(const std::string& directory,
                                                                   const ModelConfig& config);

/// Images as a model sees them, and how its prompts mark their places.
struct ShownImages {
  std::vector<SeenImage> images;
  std::string mark, framed_mark;  ///< as ImageProcessor says; nothing without images
};

/// The text with each mark replaced by the placeholder of an image, in order. kBadData where there
/// are more of the ones than of the others.
Result<std::string> with_placeholders(std::string_view text, const std::string& mark,
                                      std::span<const SeenImage> images);

}  // namespace nelumbo
