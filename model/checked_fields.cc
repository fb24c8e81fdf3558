// SPDX-License-Identifier: Apache-2.0
#include "model/checked_fields.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nelumbo {

using nlohmann::json;

CheckedFields::CheckedFields(json values, std::string prefix)
    : values_(std::move(values)), prefix_(std::move(prefix)) {}

json CheckedFields::at(const std::string& key) const {
  return values_.value(prefix_ + key, json());
}

int64_t CheckedFields::whole(const std::string& key, int64_t most,
                             std::optional<int64_t> otherwise) {
  const json value = at(key);
  if (value.is_null() && otherwise)
    return *otherwise;
  if (value.is_number_unsigned() && value >= 1 && value <= static_cast<uint64_t>(most))
    return value;
  must(key, "be a whole number from 1 to " + std::to_string(most));
  return 1;
}

double CheckedFields::positive(const std::string& key, double otherwise) {
  const json value = at(key);
  if (value.is_null())
    return otherwise;
  if (value.is_number() && std::isfinite(value.get<double>()) && value > 0)
    return value;
  must(key, "be a number > 0");
  return 1;
}

bool CheckedFields::flag(const std::string& key) {
  const json value = at(key);
  if (!value.is_null() && !value.is_boolean())
    must(key, "be true or false");
  return value == true;
}

std::optional<int64_t> CheckedFields::id(const std::string& key, int64_t vocab_size) {
  json value = at(key);
  if (value.is_array() && !value.empty())
    value = json(value[0]);
  if (value.is_null())
    return std::nullopt;
  if (value.is_number_unsigned() && value < static_cast<uint64_t>(vocab_size))
    return value.get<int64_t>();
  must(key, "be a token id below " + std::to_string(vocab_size));
  return std::nullopt;
}

std::string CheckedFields::one_of(const std::string& key,
                                  std::initializer_list<const char*> words) {
  const json value = at(key);
  std::string list;
  for (const char* word : words) {
    if (value == word)
      return word;
    list += (list.empty() ? "" : ", ") + std::string(word);
  }
  must(key, "be one of " + list);
  return *words.begin();
}

void CheckedFields::only(const std::string& key, std::initializer_list<json> values) {
  const json value = at(key);
  if (!value.is_null() && std::find(values.begin(), values.end(), value) == values.end())
    must(key, "be " + values.begin()->dump() + ", as nothing else is supported");
}

void CheckedFields::must(const std::string& key, const std::string& what) {
  const std::string shown =
      has(key) ? at(key).dump(-1, ' ', true, json::error_handler_t::replace) : "missing";
  complain(key, "must " + what + ", not " + shown.substr(0, 60));
}

void CheckedFields::complain(const std::string& key, const std::string& what) {
  if (!complaint_)
    complaint_ = prefix_ + key + ": " + what;
}

}  // namespace nelumbo
