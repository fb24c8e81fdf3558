// SPDX-License-Identifier: Apache-2.0
//
// Sizes as Hugging Face's Qwen2VLImageProcessor computes them (`smart_resize`), in double precision
// as Python does. With f the side of a token in pixels:
//   h' = f round(h / f), w' likewise; halves go to the even number
//   h' w' > most:   b = sqrt(h w / most),    h' = f floor(h / b / f), at least f
//   h' w' < least:  b = sqrt(least / (h w)), h' = f ceil(h b / f)
#include "model/token_grid_processor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include <nlohmann/json.hpp>

namespace nelumbo {
namespace {

constexpr int64_t kMostPixelsAllowed = 100'000'000;
/// The bounds of transformers: 2 x 2 tokens of 28 pixels, and 1280 of them.
constexpr int64_t kLeastByDefault = 3136, kMostByDefault = 1'003'520;
constexpr double kMostStretched = 200;

/// Three numbers, or the ones given.
std::array<float, 3> colours(const ConfigSection& section, const char* key,
                             const std::array<float, 3>& otherwise, double above) {
  const nlohmann::json& list = section.at(key);
  if (list.is_null())
    return otherwise;
  if (list.is_array() && list.size() == 3 && std::ranges::all_of(list, [&](const auto& value) {
        return value.is_number() && value.template get<double>() > above &&
               std::abs(value.template get<double>()) < 1e3;
      }))
    return list.get<std::array<float, 3>>();
  section.complain(std::string(key) + " must be three numbers" + (above < 0 ? "" : " > 0"));
  return otherwise;
}

}  // namespace

TokenGridProcessor TokenGridProcessor::read(const ConfigSection& section,
                                            const ModelConfig& config) {
  section.only("image_processor_type",
               {"Qwen2VLImageProcessor", "Qwen2VLImageProcessorFast", "Qwen2_5_VLImageProcessor"});
  section.only_value("do_resize", true);
  section.only_value("patch_size", config.vision.patch_size);
  section.only_value("temporal_patch_size", config.vision.frames());
  section.only_value("merge_size", config.scale_factor);
  TokenGridProcessor out;
  out.token_side_ = config.token_side();
  int64_t least = kLeastByDefault, most = kMostByDefault;
  if (!section.at("size").is_null()) {
    least = section.section("size").whole("shortest_edge", kMostPixelsAllowed, least);
    most = section.section("size").whole("longest_edge", kMostPixelsAllowed, most);
  }
  out.least_pixels_ = section.whole("min_pixels", kMostPixelsAllowed, least);
  out.most_pixels_ = section.whole("max_pixels", kMostPixelsAllowed, most);
  if (out.least_pixels_ > out.most_pixels_)
    section.complain("min_pixels must not be above max_pixels");
  out.filter_ = static_cast<Resample>(section.whole("resample", 3, 3));
  out.scale_.mean = colours(section, "image_mean", {0.48145466F, 0.4578275F, 0.40821073F}, -1e3);
  out.scale_.deviation = colours(section, "image_std", {0.26862954F, 0.26130258F, 0.27577711F}, 0);
  return out;
}

std::optional<PictureSize> TokenGridProcessor::fitted(const PictureSize& size) const {
  const auto w = static_cast<double>(size.width), h = static_cast<double>(size.height);
  if (std::max(w, h) / std::min(w, h) > kMostStretched)
    return std::nullopt;
  const auto f = static_cast<double>(token_side_);
  const auto each = [&](auto tokens) {  // tokens along an edge, from its length
    return PictureSize{token_side_ * static_cast<int64_t>(tokens(w)),
                       token_side_ * static_cast<int64_t>(tokens(h))};
  };
  const PictureSize near = each([&](double edge) { return std::nearbyint(edge / f); });
  const int64_t area = near.width * near.height;
  if (area > most_pixels_) {
    const double shrink = std::sqrt(h * w / static_cast<double>(most_pixels_));
    return each([&](double edge) { return std::max(1.0, std::floor(edge / shrink / f)); });
  }
  if (area < least_pixels_) {
    const double grow = std::sqrt(static_cast<double>(least_pixels_) / (h * w));
    return each([&](double edge) { return std::ceil(edge * grow / f); });
  }
  return near;
}

Image TokenGridProcessor::resized(const Image& image, const PictureSize& size) const {
  const Box all{0, 0, static_cast<double>(image.width), static_cast<double>(image.height)};
  return resize(image, all, size.width, size.height, filter_);
}

Result<SeenImage> TokenGridProcessor::see(const Image& image) const {
  const std::optional<PictureSize> size = fitted({image.width, image.height});
  if (!size)
    return Error{Errc::kBadData, "is " + std::to_string(image.width) + " x " +
                                     std::to_string(image.height) +
                                     " pixels; one edge may be 200 times as long as the other"};
  SeenImage seen;
  seen.pixels.push_back(std::make_shared<const Picture>(to_picture(resized(image, *size), scale_)));
  const int64_t tokens = size->width / token_side_ * (size->height / token_side_);
  for (int64_t i = 0; i < tokens; ++i)
    seen.placeholder += mark();
  return seen;
}

}  // namespace nelumbo
