// SPDX-License-Identifier: Apache-2.0
#include "model/config_section.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nelumbo {
namespace {

using nlohmann::json;

std::string shown(const json& value) {
  return value.is_null() ? "missing"
                         : value.dump(-1, ' ', true, json::error_handler_t::replace).substr(0, 60);
}

}  // namespace

ConfigSection::ConfigSection(const json& document, std::optional<std::string>& complaint)
    : ConfigSection(document, "", complaint) {}

ConfigSection::ConfigSection(const json& fields, std::string prefix,
                             std::optional<std::string>& complaint)
    : fields_(fields), prefix_(std::move(prefix)), complaint_(complaint) {
  if (!fields_.is_object())
    complain(prefix_.empty() ? "must be an object"
                             : prefix_.substr(0, prefix_.size() - 1) + " must be an object");
}

const json& ConfigSection::at(const char* key) const {
  static const json kNull;
  return fields_.is_object() && fields_.contains(key) ? fields_[key] : kNull;
}

ConfigSection ConfigSection::section(const char* key) const {
  return {at(key), prefix_ + key + ".", complaint_};
}

int64_t ConfigSection::whole(const char* key, int64_t most,
                             std::optional<int64_t> otherwise) const {
  const json& value = at(key);
  if (value.is_null() && otherwise)
    return *otherwise;
  if (value.is_number_unsigned() && value >= 1 && value <= static_cast<uint64_t>(most))
    return value;
  complain(prefix_ + key + " must be a whole number from 1 to " + std::to_string(most) + ", not " +
           shown(value));
  return 1;
}

std::vector<int64_t> ConfigSection::wholes(const char* key, int64_t least, int64_t most) const {
  const json& list = at(key);
  const auto fits = [&](const json& value) {
    return value.is_number_unsigned() && value >= static_cast<uint64_t>(least) &&
           value <= static_cast<uint64_t>(most);
  };
  if (list.is_null())
    return {};
  if (list.is_array() && std::ranges::all_of(list, fits))
    return list.get<std::vector<int64_t>>();
  complain(prefix_ + key + " must be a list of whole numbers from " + std::to_string(least) +
           " to " + std::to_string(most) + ", not " + shown(list));
  return {};
}

double ConfigSection::positive(const char* key, std::optional<double> otherwise) const {
  const json& value = at(key);
  if (value.is_null() && otherwise)
    return *otherwise;
  if (value.is_number() && std::isfinite(value.get<double>()) && value > 0)
    return value;
  complain(prefix_ + key + " must be a number > 0, not " + shown(value));
  return 1;
}

bool ConfigSection::flag(const char* key, bool otherwise) const {
  const json& value = at(key);
  if (value.is_boolean())
    return value;
  if (!value.is_null())
    complain(prefix_ + key + " must be true or false, not " + shown(value));
  return otherwise;
}

std::string ConfigSection::word(const char* key, const std::string& otherwise) const {
  const json& value = at(key);
  if (value.is_string())
    return value;
  if (!value.is_null())
    complain(prefix_ + key + " must be a word, not " + shown(value));
  return otherwise;
}

std::optional<int32_t> ConfigSection::token(const char* key, int64_t tokens) const {
  const json& list = at(key);
  const json& value = list.is_array() && !list.empty() ? list[0] : list;
  if (value.is_null())
    return std::nullopt;
  if (value.is_number_unsigned() && value < static_cast<uint64_t>(tokens))
    return value.get<int32_t>();
  complain(prefix_ + key + " must be a token id below " + std::to_string(tokens) + ", not " +
           shown(value));
  return std::nullopt;
}

void ConfigSection::only(const char* key, std::initializer_list<const char*> words) const {
  const json& value = at(key);
  std::string list;
  for (const char* word : words) {
    if (value == word)
      return;
    list += (list.empty() ? "" : ", ") + std::string(word);
  }
  if (!value.is_null())
    complain(prefix_ + key + " " + shown(value) + " is not supported; supported: " + list);
}

void ConfigSection::only_value(const char* key, const json& value) const {
  if (!at(key).is_null() && at(key) != value)
    complain(prefix_ + key + " " + shown(at(key)) +
             " is not supported; supported: " + value.dump());
}

void ConfigSection::complain(const std::string& what) const {
  if (!complaint_)
    complaint_ = what;
}

}  // namespace nelumbo
