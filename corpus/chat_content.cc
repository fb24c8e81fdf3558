// SPDX-License-Identifier: Apache-2.0
#include "corpus/chat_content.h"

#include <array>
#include <filesystem>
#include <string_view>

#include "base/text.h"

namespace nelumbo {
namespace {

using nlohmann::ordered_json;

constexpr const char* kMark = "<image>";
constexpr std::array<const char*, 4> kPictureKeys = {"image", "path", "url", "image_url"};
constexpr std::array<const char*, 3> kNeverShown = {"video", "video_url", "audio"};

/// The text as parts, with one for a picture in the place of each mark.
ordered_json parts_at_marks(std::string_view text) {
  ordered_json parts = ordered_json::array();
  for (int64_t left = occurrences(kMark, text); left >= 0; --left) {
    const std::string_view words = take_until(kMark, &text);
    if (!words.empty())
      parts.push_back({{"type", "text"}, {"text", words}});
    if (left > 0)
      parts.push_back({{"type", "image"}});
  }
  return parts;
}

}  // namespace

std::string words_of(const ordered_json& content) {
  if (content.is_string())
    return content.get<std::string>();
  std::string words;
  if (content.is_array())
    for (const ordered_json& part : content)
      if (part.is_object() && part.contains("text") && part["text"].is_string())
        words += part["text"].get<std::string>();
  return words;
}

std::optional<std::string> picture_of(const ordered_json& part) {
  for (const char* key : kPictureKeys) {
    if (!part.contains(key))
      continue;
    const ordered_json& value = part[key];
    if (value.is_string())
      return value.get<std::string>();
    if (value.is_object() && value.contains("url") && value["url"].is_string())
      return value["url"].get<std::string>();
  }
  return std::nullopt;
}

std::optional<std::string> contradiction_in(const ordered_json& part) {
  const auto has = [&](const char* key) {
    return part.contains(key) && !part[key].is_null() && part[key] != "";
  };
  const bool is_text = part["type"] == "text";
  for (const char* key : kNeverShown)
    if (has(key))
      return key;
  for (const char* key : kPictureKeys)
    if (is_text && has(key))
      return key;
  return !is_text && has("text") ? std::optional<std::string>("text") : std::nullopt;
}

ordered_json with_bare_parts(ordered_json message) {
  if (message.contains("content") && message["content"].is_array())
    for (ordered_json& part : message["content"]) {
      if (part["type"] == "text")
        part = {{"type", "text"}, {"text", part["text"]}};
      else
        part = {{"type", "image"}};
    }
  return message;
}

void place_pictures(size_t count, ordered_json* messages) {
  size_t marks = 0;
  for (const ordered_json& message : *messages)
    if (message["role"] == "user")
      marks += static_cast<size_t>(occurrences(kMark, words_of(message["content"])));
  for (ordered_json& message : *messages) {
    if (message["role"] != "user")
      continue;
    const std::string text = words_of(message["content"]);
    if (marks == count) {
      message["content"] = parts_at_marks(text);
      continue;
    }
    message["content"] = ordered_json::array();
    for (size_t i = 0; i < count; ++i)
      message["content"].push_back({{"type", "image"}});
    message["content"].push_back({{"type", "text"}, {"text", text}});
    return;
  }
}

std::string from_folder_of(const std::string& file, const std::string& picture) {
  if (picture.starts_with("data:") || picture.find("://") != std::string::npos)
    return picture;
  return (std::filesystem::path(file).parent_path() / picture).string();
}

}  // namespace nelumbo
