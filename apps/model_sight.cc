// SPDX-License-Identifier: Apache-2.0
#include "apps/model_sight.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "model/picture_cursor.h"
#include "model/row_places.h"

namespace nelumbo {

using nlohmann::json;

Result<void> ModelSight::open() {
  if (!config_.sees)
    return Error{Errc::kBadData, directory_ + ": is a model of text alone, it sees no images"};
  Result<std::unique_ptr<const ImageProcessor>> read = read_image_processor(directory_, config_);
  if (!read)
    return read.error();
  processor_ = std::move(read).value();
  return {};
}

Result<ShownImages> ModelSight::see(const std::vector<std::string>& paths) {
  ShownImages shown;
  if (paths.empty())
    return shown;
  if (!processor_)
    if (Result<void> opened = open(); !opened)
      return opened.error();
  shown.mark = processor_->mark();
  shown.framed_mark = processor_->framed_mark();
  for (const std::string& path : paths) {
    const Result<Image> image = read_image(path);
    if (!image)
      return image.error();
    Result<SeenImage> seen = processor_->see(image.value());
    if (!seen)
      return Error{seen.error().code, path + ": " + seen.error().message};
    shown.images.push_back(std::move(seen).value());
  }
  return shown;
}

std::vector<Pixels> pixels_of(const ShownImages& shown) {
  std::vector<Pixels> pixels;
  for (const SeenImage& image : shown.images)
    pixels.insert(pixels.end(), image.pixels.begin(), image.pixels.end());
  return pixels;
}

Result<void> check_placeholders(const std::vector<int32_t>& tokens,
                                const std::vector<Pixels>& pixels, const ModelConfig& config,
                                const std::string& place) {
  if (!config.sees)
    return {};
  const int64_t needed = placeholders_of(pixels, row_layout(config));
  const int64_t placeholders =
      config.image_token_id ? std::ranges::count(tokens, *config.image_token_id) : 0;
  if (needed == placeholders)
    return {};
  return Error{Errc::kBadData, place + ": its images take " + std::to_string(needed) +
                                   " image tokens, but it has " + std::to_string(placeholders)};
}

Result<std::vector<std::string>> image_paths(const json& line, const std::string& place) {
  if (!line.contains("images"))
    return std::vector<std::string>{};
  const json& paths = line["images"];
  if (paths.is_array() && std::ranges::all_of(paths, [](const json& p) { return p.is_string(); }))
    return paths.get<std::vector<std::string>>();
  return Error{Errc::kBadData, place + ": 'images' must be a list of paths"};
}

}  // namespace nelumbo
