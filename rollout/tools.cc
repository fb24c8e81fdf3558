// SPDX-License-Identifier: Apache-2.0
#include "rollout/tools.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "corpus/dialogue.h"
#include "corpus/grid.h"

namespace nelumbo {
namespace {

constexpr size_t kMostCallBytes = 512;
constexpr size_t kMostLabelBytes = 40;
constexpr int64_t kMostImageNumber = 1000;

/// Takes the next word off the front: up to a space or a '<'.
std::string_view take_word(std::string_view& text) {
  text = trimmed(text);
  const size_t length = std::min(text.find_first_of(" \t\r\n<"), text.size());
  const std::string_view word = text.substr(0, length);
  text.remove_prefix(length);
  return word;
}

/// Takes a whole number from 0 to `most` off the front.
std::optional<int64_t> take_number(std::string_view& text, int64_t most) {
  const std::string_view word = take_word(text);
  int64_t number = 0;
  const auto [rest, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || rest != word.data() + word.size() || number < 0 || number > most)
    return std::nullopt;
  return number;
}

ToolCall failed(ToolCall call, const char* why) {
  call.error = why;
  return call;
}

bool is_tool(std::string_view name) {
  return name == "zoom" || name == "rotate" || name == "locate";
}

bool is_turn(int64_t degrees) {
  return degrees == 90 || degrees == 180 || degrees == 270;
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kMostLabelBytes;
}

std::optional<Box> cut(const Box& box) {
  const Box inside = intersection(box, {0, 0, kUnits, kUnits});
  if (!(inside.area() > 0))
    return std::nullopt;
  return inside;
}

ToolCall parse_words(std::string_view text) {
  ToolCall call;
  const std::string_view name = take_word(text);
  if (name.empty())
    return failed(call, reply::kUnreadable);
  if (!is_tool(name))
    return failed(call, reply::kUnknownTool);
  call.name = name;
  const std::optional<int64_t> image = take_number(text, kMostImageNumber);
  if (!image)
    return failed(call, reply::kUnreadable);
  call.image = *image;
  if (name == "rotate") {
    const std::optional<int64_t> degrees = take_number(text, 360);
    if (!degrees || !trimmed(text).empty() || !is_turn(*degrees))
      return failed(call, reply::kBadDegrees);
    call.degrees = *degrees;
    return call;
  }
  if (name == "locate") {
    const std::string_view label = take_word(text);
    if (!is_label(label))
      return failed(call, reply::kUnreadable);
    call.label = label;
  }
  const std::optional<GridBox> grid = read_grid(text);
  if (!grid)
    return failed(call, reply::kUnreadable);
  call.box = box_from_grid(*grid);
  return call;
}

/// The box of four finite corners; the error says which of two things is wrong.
std::pair<std::optional<Box>, const char*> corners_of(const nlohmann::json& json) {
  if (!json.is_array() || json.size() != 4)
    return {std::nullopt, reply::kUnreadable};
  std::array<double, 4> corners{};
  for (size_t i = 0; i < corners.size(); ++i) {
    if (!json[i].is_number())
      return {std::nullopt, reply::kUnreadable};
    corners[i] = json[i].get<double>();
    if (!std::isfinite(corners[i]))
      return {std::nullopt, reply::kBadBox};
  }
  return {cut({corners[0], corners[1], corners[2], corners[3]}), reply::kBadBox};
}

std::optional<int64_t> whole_number(const nlohmann::json& json, const char* key, int64_t most) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number_integer())
    return std::nullopt;
  // An unsigned number above int64 reads as negative here, and is refused with the others.
  const auto number = found->get<int64_t>();
  if (number < 0 || number > most)
    return std::nullopt;
  return number;
}

std::string text_field(const nlohmann::json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

ToolCall parse_json(std::string_view text) {
  ToolCall call;
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object())
    return failed(call, reply::kUnreadable);
  const std::string name = text_field(json, "tool");
  if (!is_tool(name))
    return failed(call, name.empty() ? reply::kUnreadable : reply::kUnknownTool);
  call.name = name;
  const std::optional<int64_t> image = whole_number(json, "image", kMostImageNumber);
  if (!image)
    return failed(call, reply::kNoImage);
  call.image = *image;
  if (name == "rotate") {
    const std::optional<int64_t> degrees = whole_number(json, "degrees", 360);
    if (!degrees || !is_turn(*degrees))
      return failed(call, reply::kBadDegrees);
    call.degrees = *degrees;
    return call;
  }
  if (name == "locate") {
    const std::string label(trimmed(text_field(json, "label")));
    if (!is_label(label))
      return failed(call, reply::kUnreadable);
    call.label = label;
  }
  const auto [box, why] = corners_of(json.value("box", nlohmann::json()));
  if (!box)
    return failed(call, why);
  call.box = box;
  return call;
}

}  // namespace

ToolCall parse_tool_call(std::string_view text) {
  text = trimmed(text);
  if (text.size() > kMostCallBytes)
    return failed({}, reply::kUnreadable);
  return text.starts_with('{') ? parse_json(text) : parse_words(text);
}

std::optional<Frame> run_tool(const std::vector<Frame>& shown, int64_t width, int64_t height,
                              ToolCall* call) {
  if (call->error)
    return std::nullopt;
  if (call->image >= std::ssize(shown)) {
    call->error = reply::kNoImage;
    return std::nullopt;
  }
  const Frame& frame = shown[static_cast<size_t>(call->image)];
  if (call->box)
    call->original_box = to_original(frame, *call->box);
  if (call->name == "rotate")
    return rotated(frame, call->degrees);
  if (call->name == "locate")
    return std::nullopt;
  std::optional<Frame> zoom = zoomed(frame, *call->box, width, height);
  if (!zoom)
    call->error = reply::kBadBox;
  return zoom;
}

std::optional<Box> parse_box(std::string_view text) {
  text = trimmed(text);
  if (const std::optional<GridBox> grid = read_grid(text))
    return box_from_grid(*grid);
  if (text.size() > kMostCallBytes || !text.starts_with('['))
    return std::nullopt;
  return corners_of(nlohmann::json::parse(text, nullptr, false)).first;
}

}  // namespace nelumbo
