// SPDX-License-Identifier: Apache-2.0
#include "model/image.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/file.h"

namespace nelumbo {
namespace {

constexpr int64_t kMostFileBytes = 256'000'000;

/// A picture of the given size whose pixel (x, y) is the pixel of `image` that `source` names.
template <class Source>
Image rearranged(const Image& image, int64_t width, int64_t height, Source source) {
  Image out{width, height, std::vector<uint8_t>(width * height * 3)};
  uint8_t* to = out.rgb.data();
  for (int64_t y = 0; y < height; ++y)
    for (int64_t x = 0; x < width; ++x, to += 3) {
      const auto [from_x, from_y] = source(x, y);
      std::copy_n(&image.rgb[(from_y * image.width + from_x) * 3], 3, to);
    }
  return out;
}

using Point = std::pair<int64_t, int64_t>;

}  // namespace

double iou(const Box& a, const Box& b) {
  const Box both{std::max(a.x0, b.x0), std::max(a.y0, b.y0), std::min(a.x1, b.x1),
                 std::min(a.y1, b.y1)};
  const double common = both.area();
  return common > 0 ? common / (a.area() + b.area() - common) : 0;
}

Result<Image> read_image(const std::string& path) {
  const Result<std::string> bytes = read_file(path, kMostFileBytes);
  if (!bytes)
    return bytes.error();
  return decode_image({bytes.value().begin(), bytes.value().end()}, path);
}

Image rotate(const Image& image, int degrees) {
  const int64_t w = image.width;
  const int64_t h = image.height;
  switch (degrees) {
    case 0:
      return image;
    case 90:
      return rearranged(image, h, w, [h](int64_t x, int64_t y) { return Point(y, h - 1 - x); });
    case 180:
      return rearranged(image, w, h,
                        [w, h](int64_t x, int64_t y) { return Point(w - 1 - x, h - 1 - y); });
    case 270:
      return rearranged(image, h, w, [w](int64_t x, int64_t y) { return Point(w - 1 - y, x); });
    default:
      NELUMBO_CHECK(false) << "cannot rotate by " << degrees << " degrees";
      return {};
  }
}

Image flip_horizontal(const Image& image) {
  return rearranged(image, image.width, image.height,
                    [&](int64_t x, int64_t y) { return Point(image.width - 1 - x, y); });
}

Picture to_picture(const Image& image, const PixelScale& scale) {
  const int64_t n = image.width * image.height;
  Picture picture{image.height, image.width, std::vector<float>(3 * n)};
  for (int64_t c = 0; c < 3; ++c)
    for (int64_t i = 0; i < n; ++i)
      picture.values[c * n + i] =
          (static_cast<float>(image.rgb[i * 3 + c]) / 255.0F - scale.mean[c]) / scale.deviation[c];
  return picture;
}

}  // namespace nelumbo
