// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/picture.h"

namespace nelumbo {

/// An 8-bit RGB picture, rows from the top, pixels interleaved.
struct Image {
  int64_t width = 0;
  int64_t height = 0;
  std::vector<uint8_t> rgb;  ///< [height, width, 3]
};

/// A rectangle in pixels or any other unit: [x0, x1) by [y0, y1).
struct Box {
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;

  double width() const { return x1 - x0; }
  double height() const { return y1 - y0; }
  double area() const { return width() > 0 && height() > 0 ? width() * height() : 0; }
};

/// Intersection over union; 0 when either is empty.
double iou(const Box& a, const Box& b);

/// Refused before memory is taken: more than this many pixels, or a side over 16,384.
constexpr int64_t kMostPixels = 40'000'000;

/// Decodes JPEG (libjpeg-turbo) or PNG (libpng), told apart by their first bytes. Gray, palette,
/// CMYK, 16-bit and alpha become RGB (alpha over white); an orientation in EXIF is not applied.
/// kBadData names `place`; a file that is cut short or damaged is never half a picture.
Result<Image> decode_image(const std::vector<uint8_t>& bytes, const std::string& place);
/// The picture in a file of at most 256 MB.
Result<Image> read_image(const std::string& path);
/// PNG bytes of a picture, for reports and observations on disk.
std::vector<uint8_t> encode_png(const Image& image);
/// JPEG bytes, quality 1 to 100.
std::vector<uint8_t> encode_jpeg(const Image& image, int quality);

/// How the filter of a resize falls off, with Pillow's numbering.
enum class Resample { kLanczos = 1, kBilinear = 2, kBicubic = 3 };

/// The part `crop` of `image`, resized to width x height, equal to Pillow byte for byte: the
/// filter's support grows with the reduction, and pixels beside the crop take part where it reaches
/// them. REQUIRES: a crop that is not empty and lies in the picture; a positive size.
Image resize(const Image& image, const Box& crop, int64_t width, int64_t height, Resample filter);

/// Rotates clockwise by 90, 180 or 270 degrees. REQUIRES: one of those, or 0.
Image rotate(const Image& image, int degrees);
Image flip_horizontal(const Image& image);

/// What a network takes off the share of a colour in 0..1, and divides the rest by.
struct PixelScale {
  std::array<float, 3> mean{0.5F, 0.5F, 0.5F};
  std::array<float, 3> deviation{0.5F, 0.5F, 0.5F};
};

/// What the network sees: (value/255 - mean) / deviation of each colour.
Picture to_picture(const Image& image, const PixelScale& scale = {});

}  // namespace nelumbo
