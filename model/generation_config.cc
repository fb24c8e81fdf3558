// SPDX-License-Identifier: Apache-2.0
#include "model/generation_config.h"

#include <filesystem>
#include <limits>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "model/strict_json.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr int64_t kLongestConfig = 1'000'000;

bool is_token(const json& value) {
  return value.is_number_unsigned() && value <= uint64_t{std::numeric_limits<int32_t>::max()};
}

Result<std::vector<int32_t>> end_tokens_of(const std::string& path) {
  const Result<std::string> text = read_file(path, kLongestConfig);
  if (!text)
    return Error{Errc::kBadData, text.error().message};
  const Result<json> document = parse_json(text.value(), path);
  if (!document)
    return document.error();
  const json value = document.value().is_object() && document.value().contains("eos_token_id")
                         ? document.value()["eos_token_id"]
                         : json();
  std::vector<int32_t> ends;
  for (const json& end : value.is_array() ? value : json::array({value})) {
    if (end.is_null())
      continue;
    if (!is_token(end))
      return Error{Errc::kBadData, path + ": eos_token_id must be a token id, or a list of them"};
    ends.push_back(end);
  }
  return ends;
}

}  // namespace

Result<std::vector<int32_t>> read_end_tokens(const std::string& directory) {
  const std::string generation = directory + "/generation_config.json";
  std::error_code none;
  if (std::filesystem::exists(generation, none)) {
    Result<std::vector<int32_t>> ends = end_tokens_of(generation);
    if (!ends || !ends.value().empty())
      return ends;
  }
  return end_tokens_of(directory + "/config.json");
}

}  // namespace nelumbo
