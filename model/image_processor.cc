// SPDX-License-Identifier: Apache-2.0
#include "model/image_processor.h"

#include <cmath>
#include <optional>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "model/config_section.h"
#include "model/strict_json.h"
#include "model/tile_processor.h"
#include "model/token_grid_processor.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr int64_t kLongestConfig = 1'000'000;

template <class Processor>
std::unique_ptr<const ImageProcessor> made(const ConfigSection& section,
                                           const ModelConfig& config) {
  return std::make_unique<const Processor>(Processor::read(section, config));
}

}  // namespace

Result<std::unique_ptr<const ImageProcessor>> read_image_processor(const std::string& directory,
                                                                   const ModelConfig& config) {
  const std::string path = directory + "/preprocessor_config.json";
  const Result<std::string> text = read_file(path, kLongestConfig);
  if (!text)
    return Error{Errc::kBadData, text.error().message};
  const Result<json> document = parse_json(text.value(), path);
  if (!document)
    return document.error();
  std::optional<std::string> complaint;
  const ConfigSection section(document.value(), complaint);
  section.only_value("do_rescale", true);
  section.only_value("do_normalize", true);
  const json& factor = section.at("rescale_factor");
  if (factor.is_number() && std::abs(factor.get<double>() - 1.0 / 255) > 1e-9)
    section.complain("rescale_factor must be 1/255");
  auto processor = config.vision.windows ? made<TokenGridProcessor>(section, config)
                                         : made<TileProcessor>(section, config);
  if (complaint)
    return Error{Errc::kBadData, path + ": " + *complaint};
  return processor;
}

Result<std::string> with_placeholders(std::string_view text, const std::string& mark,
                                      std::span<const SeenImage> images) {
  const int64_t marks = occurrences(mark, text);
  if (marks != std::ssize(images))
    return Error{Errc::kBadData, "has " + std::to_string(marks) + " times " + mark + " for " +
                                     std::to_string(images.size()) + " images"};
  std::string out;
  for (const SeenImage& image : images) {
    const size_t at = text.find(mark);
    out += std::string(text.substr(0, at)) + image.placeholder;
    text.remove_prefix(at + mark.size());
  }
  return out + std::string(text);
}

}  // namespace nelumbo
