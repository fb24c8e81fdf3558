// SPDX-License-Identifier: Apache-2.0
#include "apps/model_sight.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "base/text.h"
#include "model/picture_cursor.h"
#include "model/row_places.h"

namespace nelumbo {

using nlohmann::json;

namespace {

constexpr const char* kDataUrl = "data:";

/// The picture's path, or what a data URL begins with.
std::string shown_name(const std::string& picture) {
  constexpr size_t kMost = 40;
  const bool cut = picture.starts_with(kDataUrl) && picture.size() > kMost;
  return cut ? picture.substr(0, kMost) + ".." : picture;
}

Result<Image> image_of(const std::string& picture) {
  const std::string name = shown_name(picture);
  if (picture.find("://") != std::string::npos)
    return Error{Errc::kBadData, name + ": pictures are not fetched; save it and name its path"};
  if (!picture.starts_with(kDataUrl))
    return read_image(picture);
  std::string_view code = picture;
  if (!take_until(",", &code).ends_with(";base64"))
    return Error{Errc::kBadData, name + ": must be \"data:image/..;base64,\" and the picture"};
  const std::optional<std::string> bytes = from_base64(code);
  if (!bytes)
    return Error{Errc::kBadData, name + ": is not base64; write the picture anew"};
  return decode_image({bytes->begin(), bytes->end()}, name);
}

}  // namespace

Result<void> ModelSight::open() {
  if (!config_.sees)
    return Error{Errc::kBadData, directory_ + ": is a model of text alone, it sees no images"};
  Result<std::unique_ptr<const ImageProcessor>> read = read_image_processor(directory_, config_);
  if (!read)
    return read.error();
  processor_ = std::move(read).value();
  return {};
}

Result<ShownImages> ModelSight::see(const std::vector<std::string>& pictures) {
  ShownImages shown;
  if (pictures.empty())
    return shown;
  if (!processor_)
    if (Result<void> opened = open(); !opened)
      return opened.error();
  shown.mark = processor_->mark();
  shown.framed_mark = processor_->framed_mark();
  for (const std::string& picture : pictures) {
    const Result<Image> image = image_of(picture);
    if (!image)
      return image.error();
    Result<SeenImage> seen = processor_->see(image.value());
    if (!seen)
      return Error{seen.error().code, shown_name(picture) + ": " + seen.error().message};
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
