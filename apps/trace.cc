// SPDX-License-Identifier: Apache-2.0
#include "apps/trace.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "reward/trace.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr int64_t kThumbnailWidth = 320;
constexpr int kJpegQuality = 80;
constexpr int64_t kIllustratedPerTask = 2;

json picture_json(const Image& image, double scale) {
  return {{"width", image.width},
          {"height", image.height},
          {"scale", scale},
          {"jpeg", to_base64(encode_jpeg(image, kJpegQuality))}};
}

json thumbnail(const Image& image) {
  if (image.width <= kThumbnailWidth)
    return picture_json(image, 1);
  const double scale = static_cast<double>(image.width) / kThumbnailWidth;
  const auto height = std::max<int64_t>(1, std::llround(static_cast<double>(image.height) / scale));
  const Box all{0, 0, static_cast<double>(image.width), static_cast<double>(image.height)};
  return picture_json(resize(image, all, kThumbnailWidth, height, Resample::kBilinear), scale);
}

/// The inverse of `to_picture`: what the network saw, as a picture again.
Image image_of(const Picture& picture) {
  const int64_t area = picture.height * picture.width;
  Image image{picture.width, picture.height, std::vector<uint8_t>(picture.values.size())};
  for (int64_t i = 0; i < area; ++i)
    for (int64_t c = 0; c < 3; ++c) {
      const float value = std::clamp(picture.values[c * area + i] * 0.5F + 0.5F, 0.0F, 1.0F);
      image.rgb[i * 3 + c] = static_cast<uint8_t>(std::lround(value * 255));
    }
  return image;
}

/// Tools that answer with a picture; the others answer with text only.
bool shows_picture(const ToolCall& call) {
  return !call.error && (call.name == "zoom" || call.name == "rotate");
}

/// Adds to the calls of one trajectory the pictures that they returned.
void add_observations(const Trajectory& trajectory, json& calls) {
  size_t shown = 0;
  for (size_t i = 0; i < trajectory.calls.size(); ++i)
    if (shows_picture(trajectory.calls[i]) && shown < trajectory.pixels.size())
      calls[i]["observation"] = picture_json(image_of(*trajectory.pixels[shown++]), 1);
}

}  // namespace

json illustrated_trace(const ScoredGroup& scored) {
  json out = to_trace(scored);
  json& trajectories = out["trajectories"];
  for (size_t i = 0; i < trajectories.size(); ++i)
    add_observations(scored.group->trajectories[i], trajectories[i]["calls"]);
  if (scored.group->prompt->image)
    out["picture"] = thumbnail(*scored.group->prompt->image);
  return out;
}

std::vector<json> traces_of(const std::string& stage, const std::vector<ScoredGroup>& groups) {
  const bool control = stage.ends_with("_blank") || stage.ends_with("_no_tool");
  std::map<std::string, int64_t> illustrated;
  std::vector<json> traces;
  traces.reserve(groups.size());
  for (const ScoredGroup& group : groups)
    if (!control && illustrated[group.group->prompt->task]++ < kIllustratedPerTask)
      traces.push_back(illustrated_trace(group));
    else
      traces.push_back(to_trace(group));
  return traces;
}

}  // namespace nelumbo
