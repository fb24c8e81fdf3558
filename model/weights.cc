// SPDX-License-Identifier: Apache-2.0
#include "model/weights.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/hash.h"
#include "model/strict_json.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int64_t kLongestIndex = 100'000'000;

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

bool exists(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

/// A directory without safetensors; says so when there are pickled weights, which can run code.
Error no_weights(const std::string& directory) {
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(directory, ignored)) {
    const std::string suffix = file.path().extension().string();
    if (suffix == ".bin" || suffix == ".pt" || suffix == ".pth" || suffix == ".pkl")
      return bad(
          file.path().string(),
          "pickled weights can run code and are never opened; save the model as safetensors");
  }
  return bad(directory, "holds neither model.safetensors nor model.safetensors.index.json");
}

bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(std::string("/\\\0", 3)) == std::string::npos;
}

/// Shard -> the tensors that the index promises to be in it.
using ShardMap = std::map<std::string, std::set<std::string>>;

Result<ShardMap> read_index(const std::string& path) {
  const Result<std::string> text = read_file(path, kLongestIndex);
  if (!text)
    return text.error();
  const Result<json> index = parse_json(text.value(), path);
  if (!index)
    return index.error();
  if (!index.value().is_object() || !index.value().contains("weight_map") ||
      !index.value()["weight_map"].is_object())
    return bad(path, "has no weight_map");
  ShardMap shards;
  for (const auto& [tensor, shard] : index.value()["weight_map"].items()) {
    if (!shard.is_string() || !is_plain_name(shard))
      return bad(path,
                 "tensor '" + tensor + "': a shard must be the name of a file beside the index");
    shards[shard].insert(tensor);
  }
  return shards;
}

Result<WeightSet> read_sharded(const std::string& directory, const std::string& index) {
  const Result<ShardMap> shards = read_index(index);
  if (!shards)
    return shards.error();
  WeightSet weights;
  for (const auto& [shard, promised] : shards.value()) {
    const std::string path = (fs::path(directory) / shard).string();
    Result<WeightSet> part = read_safetensors(path);
    if (!part)
      return part.error();
    for (const std::string& name : promised)
      if (std::none_of(part.value().begin(), part.value().end(),
                       [&](const NamedTensor& tensor) { return tensor.name == name; }))
        return bad(path, "lacks tensor '" + name + "', which the index sends here");
    for (NamedTensor& tensor : part.value()) {
      if (!promised.contains(tensor.name))
        return bad(path, "tensor '" + tensor.name + "' is not sent here by the index");
      weights.push_back(std::move(tensor));
    }
  }
  std::sort(weights.begin(), weights.end(),
            [](const NamedTensor& a, const NamedTensor& b) { return a.name < b.name; });
  return weights;
}

}  // namespace

Result<WeightSet> read_weights(const std::string& directory) {
  const std::string whole = (fs::path(directory) / "model.safetensors").string();
  const std::string index = whole + ".index.json";
  if (!exists(whole) && !exists(index))
    return no_weights(directory);
  Result<WeightSet> weights =
      exists(whole) ? read_safetensors(whole) : read_sharded(directory, index);
  if (!weights)
    return weights.error();
  if (const auto sound = check_finite(weights.value(), directory); !sound)
    return sound.error();
  return weights;
}

Result<void> check_finite(const WeightSet& weights, const std::string& place) {
  for (const NamedTensor& tensor : weights) {
    const auto at = std::find_if_not(tensor.values.begin(), tensor.values.end(),
                                     [](float value) { return std::isfinite(value); });
    if (at != tensor.values.end())
      return bad(place, "tensor '" + tensor.name + "': value " +
                            std::to_string(at - tensor.values.begin()) + " is not finite");
  }
  return {};
}

std::string weights_hash(const WeightSet& weights) {
  std::vector<const NamedTensor*> by_name;
  for (const NamedTensor& tensor : weights)
    by_name.push_back(&tensor);
  std::sort(by_name.begin(), by_name.end(),
            [](const NamedTensor* a, const NamedTensor* b) { return a->name < b->name; });

  Hasher hasher;
  for (const NamedTensor* tensor : by_name) {
    // The two lengths keep names, shapes and values apart.
    const std::array<int64_t, 2> lengths{std::ssize(tensor->name), std::ssize(tensor->shape)};
    hasher.update(std::as_bytes(std::span(lengths)));
    hasher.update(tensor->name);
    hasher.update("F32");
    hasher.update(std::as_bytes(std::span(tensor->shape)));
    hasher.update(std::as_bytes(std::span(tensor->values)));
  }
  return hasher.hex();
}

}  // namespace nelumbo
