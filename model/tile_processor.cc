// SPDX-License-Identifier: Apache-2.0
//
// Sizes as Hugging Face's Idefics3ImageProcessor computes them, in double precision as Python does.
// With r = width / height, the other edge of a long edge a is int(a / r) if the width is the long
// edge, else int(a r):
//   fitted:  a = size, at most 4096;  the other edge, the next even number if odd
//   tiled:   a up to the next multiple of the tile;  the other edge of that, likewise
#include "model/tile_processor.h"

#include <algorithm>
#include <memory>

namespace nelumbo {
namespace {

constexpr int64_t kLargestEdge = 16384, kLongestFitted = 4096;

int64_t up_to_multiple(int64_t value, int64_t of) {
  return (value + of - 1) / of * of;
}

/// A size of the same proportions: the long edge becomes `edge`, and what follows for the other
/// goes through `rounded`.
template <class Rounded>
PictureSize with_long_edge(const PictureSize& size, int64_t edge, Rounded rounded) {
  const double ratio = static_cast<double>(size.width) / static_cast<double>(size.height);
  const auto other = [&](double exact) {
    return std::max<int64_t>(rounded(static_cast<int64_t>(exact)), 1);
  };
  const auto a = static_cast<double>(edge);
  return size.width >= size.height ? PictureSize{edge, other(a / ratio)}
                                   : PictureSize{other(a * ratio), edge};
}

Box whole(const Image& image) {
  return {0, 0, static_cast<double>(image.width), static_cast<double>(image.height)};
}

}  // namespace

TileProcessor TileProcessor::read(const ConfigSection& section, const ModelConfig& config) {
  section.only("image_processor_type", {"Idefics3ImageProcessor", "Idefics3ImageProcessorFast",
                                        "SmolVLMImageProcessor", "SmolVLMImageProcessorFast"});
  section.only_value("image_mean", {0.5, 0.5, 0.5});
  section.only_value("image_std", {0.5, 0.5, 0.5});
  TileProcessor out;
  out.tile_ = config.vision.image_size;
  out.image_tokens_ = config.image_tokens();
  out.splits_ = section.flag("do_image_splitting", true);
  if (section.flag("do_resize", true))
    out.longest_edge_ = section.section("size").whole("longest_edge", kLargestEdge, 4 * 364);
  out.filter_ = static_cast<Resample>(section.whole("resample", 3, 1));
  const int64_t tile = section.section("max_image_size").whole("longest_edge", kLargestEdge, 364);
  if (tile != out.tile_)
    section.complain("max_image_size.longest_edge must be the vision tower's image_size, " +
                     std::to_string(out.tile_));
  return out;
}

Result<SeenImage> TileProcessor::see(const Image& image) const {
  const TileLayout cut = layout({image.width, image.height});
  return SeenImage{tiles(image, cut), placeholder(cut)};
}

PictureSize TileProcessor::fitted(const PictureSize& size) const {
  if (longest_edge_ == 0)
    return size;
  return with_long_edge(size, std::min(longest_edge_, kLongestFitted),
                        [](int64_t other) { return other + other % 2; });
}

PictureSize TileProcessor::tiled(const PictureSize& size) const {
  return with_long_edge(size, up_to_multiple(std::max(size.width, size.height), tile_),
                        [&](int64_t other) { return up_to_multiple(other, tile_); });
}

TileLayout TileProcessor::layout(const PictureSize& size) const {
  if (!splits_)
    return {};
  const PictureSize all = tiled(fitted(size));
  if (all.width <= tile_ && all.height <= tile_)
    return {};
  return {all.height / tile_, all.width / tile_};
}

std::vector<Pixels> TileProcessor::tiles(const Image& image, const TileLayout& layout) const {
  std::vector<Pixels> out;
  Image seen = image;
  if (splits_) {
    const PictureSize first = fitted({image.width, image.height}), second = tiled(first);
    seen = resize(image, whole(image), first.width, first.height, filter_);
    seen = resize(seen, whole(seen), second.width, second.height, filter_);
  }
  const auto add = [&](const Box& crop) {
    out.push_back(
        std::make_shared<const Picture>(to_picture(resize(seen, crop, tile_, tile_, filter_))));
  };
  const auto side = static_cast<double>(tile_);
  for (int64_t row = 0; row < layout.rows; ++row)
    for (int64_t col = 0; col < layout.cols; ++col) {
      const double x = side * static_cast<double>(col), y = side * static_cast<double>(row);
      add({x, y, x + side, y + side});
    }
  add(whole(seen));
  return out;
}

std::string TileProcessor::placeholder(const TileLayout& layout) const {
  std::string images;
  for (int64_t i = 0; i < image_tokens_; ++i)
    images += "<image>";
  std::string text;
  for (int64_t row = 1; row <= layout.rows; ++row) {
    for (int64_t col = 1; col <= layout.cols; ++col)
      text += "<fake_token_around_image><row_" + std::to_string(row) + "_col_" +
              std::to_string(col) + ">" + images;
    text += "\n";
  }
  return text + (layout.rows > 0 ? "\n" : "") + "<fake_token_around_image><global-img>" + images +
         "<fake_token_around_image>";
}

}  // namespace nelumbo
