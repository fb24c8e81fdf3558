// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace nelumbo {

// What messages of a conversation say and show: a text, or a list of parts.

/// The text of a message's content, its pictures left out.
std::string words_of(const nlohmann::ordered_json& content);

/// The picture that a part of a message shows: a path, a URL or a data URL.
std::optional<std::string> picture_of(const nlohmann::ordered_json& part);

/// What a part has that one of its kind must not: a text that names a picture or a video, a picture
/// that says something. Nulls and empty texts are nothing.
std::optional<std::string> contradiction_in(const nlohmann::ordered_json& part);

/// The message with parts that have nothing but what chat templates look for: {"type": "text",
/// "text": ..}, and {"type": "image"} for each that is no text.
nlohmann::ordered_json with_bare_parts(nlohmann::ordered_json message);

/// Makes parts for `count` pictures that no part names: where users say "<image>", or, if they do
/// not say it as often, in front of what the first one says.
void place_pictures(size_t count, nlohmann::ordered_json* messages);

/// A picture that is named as one from the file's folder; URLs stay.
std::string from_folder_of(const std::string& file, const std::string& picture);

}  // namespace nelumbo
