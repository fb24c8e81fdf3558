// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace nelumbo {

// Reading JSON that a person may have edited: a field that is missing or of another type is
// absent, and nothing throws.

/// The member `key`, or null.
inline const nlohmann::json& member(const nlohmann::json& object, const std::string& key) {
  static const nlohmann::json kNull;
  if (!object.is_object())
    return kNull;
  const auto found = object.find(key);
  return found == object.end() ? kNull : *found;
}

/// The member `key` as text; other scalars as JSON writes them; "" where there is none.
inline std::string text_of(const nlohmann::json& object, const std::string& key) {
  const nlohmann::json& value = member(object, key);
  if (value.is_string())
    return value.get<std::string>();
  if (value.is_null())
    return "";
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

inline std::optional<double> number_of(const nlohmann::json& object, const std::string& key) {
  const nlohmann::json& value = member(object, key);
  if (!value.is_number())
    return std::nullopt;
  return value.get<double>();
}

/// The member `key` as an array; an empty one where there is none.
inline const nlohmann::json& array_of(const nlohmann::json& object, const std::string& key) {
  static const nlohmann::json kNone = nlohmann::json::array();
  const nlohmann::json& value = member(object, key);
  return value.is_array() ? value : kNone;
}

}  // namespace nelumbo
