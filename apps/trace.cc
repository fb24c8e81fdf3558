// SPDX-License-Identifier: Apache-2.0
#include "apps/trace.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/text.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr int64_t kThumbnailWidth = 320;
constexpr int kJpegQuality = 80;

std::string base64(const std::vector<uint8_t>& bytes) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t have = std::min<size_t>(3, bytes.size() - i);
    uint32_t word = 0;
    for (size_t j = 0; j < 3; ++j)
      word = word << 8 | (j < have ? bytes[i + j] : 0U);
    for (size_t j = 0; j < 4; ++j)
      text += j <= have ? kDigits[word >> (18 - 6 * j) & 63U] : '=';
  }
  return text;
}

json box_json(const Box& box) {
  return json::array({box.x0, box.y0, box.x1, box.y1});
}

json box_json(const std::optional<Box>& box) {
  return box ? box_json(*box) : json();
}

json picture_json(const Image& image, double scale) {
  return {{"width", image.width},
          {"height", image.height},
          {"scale", scale},
          {"jpeg", base64(encode_jpeg(image, kJpegQuality))}};
}

json thumbnail(const Image& image) {
  if (image.width <= kThumbnailWidth)
    return picture_json(image, 1);
  const double scale = static_cast<double>(image.width) / kThumbnailWidth;
  const auto height = std::max<int64_t>(1, std::llround(static_cast<double>(image.height) / scale));
  const Box all{0, 0, static_cast<double>(image.width), static_cast<double>(image.height)};
  return picture_json(resize(image, all, kThumbnailWidth, height, Resample::kBilinear), scale);
}

/// The inverse of `to_pixels`: what the network saw, as a picture again.
Image image_of(const std::vector<float>& pixels) {
  const int64_t area = std::ssize(pixels) / 3;
  const auto side = static_cast<int64_t>(std::llround(std::sqrt(static_cast<double>(area))));
  NELUMBO_CHECK(side * side * 3 == std::ssize(pixels)) << pixels.size() << " values are no square";
  Image image{side, side, std::vector<uint8_t>(pixels.size())};
  for (int64_t i = 0; i < area; ++i)
    for (int64_t c = 0; c < 3; ++c) {
      const float value = std::clamp(pixels[c * area + i] * 0.5F + 0.5F, 0.0F, 1.0F);
      image.rgb[i * 3 + c] = static_cast<uint8_t>(std::lround(value * 255));
    }
  return image;
}

/// Tools that answer with a picture; the others answer with text only.
bool shows_picture(const ToolCall& call) {
  return !call.error && (call.name == "zoom" || call.name == "rotate");
}

json call_json(const ToolCall& call) {
  json out = {{"name", valid_utf8(call.name)},   {"image", call.image},
              {"box", box_json(call.box)},       {"original_box", box_json(call.original_box)},
              {"first_token", call.first_token}, {"last_token", call.last_token}};
  if (call.name == "rotate")
    out["degrees"] = call.degrees;
  if (!call.label.empty())
    out["label"] = valid_utf8(call.label);
  if (call.error)
    out["error"] = valid_utf8(*call.error);
  return out;
}

json calls_json(const Trajectory& trajectory, bool with_pictures) {
  json calls = json::array();
  size_t shown = 0;
  for (const ToolCall& call : trajectory.calls) {
    calls.push_back(call_json(call));
    if (!shows_picture(call) || shown == trajectory.pixels.size())
      continue;
    if (with_pictures)
      calls.back()["observation"] = picture_json(image_of(*trajectory.pixels[shown]), 1);
    ++shown;
  }
  return calls;
}

json outcome_json(const Outcome& outcome) {
  json components = json::array();
  for (const Component& c : outcome.components)
    components.push_back({{"name", c.name},
                          {"layer", c.layer},
                          {"value", c.value},
                          {"weight", c.weight},
                          {"evidence", valid_utf8(c.evidence)}});
  json steps = json::array();
  for (const StepFactor& s : outcome.steps)
    steps.push_back({{"first_token", s.first_token},
                     {"last_token", s.last_token},
                     {"factor", s.factor},
                     {"reason", valid_utf8(s.reason)}});
  json out = {{"kind", to_string(outcome.kind)},
              {"total", outcome.total},
              {"rule", outcome.rule},
              {"process", outcome.process},
              {"shaping", outcome.shaping},
              {"components", std::move(components)},
              {"steps", std::move(steps)}};
  out["rubric"] = outcome.has_rubric ? json(outcome.rubric) : json();
  out["gate"] = outcome.gate.empty() ? json() : json(outcome.gate);
  if (!outcome.reason.empty())
    out["reason"] = valid_utf8(outcome.reason);
  return out;
}

json prompt_json(const Prompt& prompt) {
  return {{"id", prompt.id},     {"task", prompt.task},   {"reward", prompt.reward},
          {"text", prompt.text}, {"truth", prompt.truth}, {"view", box_json(prompt.view)}};
}

const char* word(Finish finish) {
  switch (finish) {
    case Finish::kStop:
      return "stop";
    case Finish::kLength:
      return "length";
    case Finish::kTurns:
      return "turns";
  }
  return "";
}

}  // namespace

const char* to_string(Outcome::Kind kind) {
  switch (kind) {
    case Outcome::Kind::kScore:
      return "score";
    case Outcome::Kind::kInvalid:
      return "invalid";
    case Outcome::Kind::kInfraError:
      return "infra_error";
    case Outcome::Kind::kTimeout:
      return "timeout";
  }
  return "";
}

json trace_of(const ScoredGroup& scored, size_t i, bool with_pictures) {
  const Group& group = *scored.group;
  NELUMBO_CHECK(i < group.trajectories.size() && i < scored.outcomes.size())
      << "group of " << group.trajectories.size() << " has no sample " << i;
  const Trajectory& t = group.trajectories[i];
  json out = {{"group", static_cast<uint64_t>(group.id)},
              {"sample", t.sample},
              {"version", static_cast<uint64_t>(t.version)},
              {"prompt", prompt_json(*group.prompt)},
              {"tokens", t.tokens},
              {"sampled", t.sampled},
              {"logprobs", t.logprobs},
              {"text", valid_utf8(t.text)},
              {"answered", t.answered},
              {"answer", valid_utf8(t.answer)},
              {"answer_box", box_json(t.answer_box)},
              {"finish", word(t.finish)},
              {"calls", calls_json(t, with_pictures)},
              {"outcome", outcome_json(scored.outcomes[i])}};
  if (with_pictures && group.prompt->image)
    out["picture"] = thumbnail(*group.prompt->image);
  return out;
}

}  // namespace nelumbo
