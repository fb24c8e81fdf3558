// SPDX-License-Identifier: Apache-2.0
#include "model/weight_files.h"

#include <filesystem>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
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
    if (suffix == ".bin" || suffix == ".pt" || suffix == ".pth" || suffix == ".pkl" ||
        suffix == ".ckpt")
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
      return bad(path, "tensor '" + shortened(tensor) +
                           "': a shard must be the name of a file beside the index");
    shards[shard].insert(tensor);
  }
  return shards;
}

using OpenFile = std::shared_ptr<const SafetensorsFile>;

/// The shard holds what the index sends there, and nothing else.
Result<OpenFile> open_shard(const std::string& path, const std::set<std::string>& promised) {
  Result<OpenFile> file = SafetensorsFile::open(path);
  if (!file)
    return file.error();
  std::set<std::string> held;
  for (const StoredTensor& tensor : file.value()->tensors())
    held.insert(tensor.name);
  for (const std::string& name : promised)
    if (!held.contains(name))
      return bad(path, "lacks tensor '" + shortened(name) + "', which the index sends here");
  for (const std::string& name : held)
    if (!promised.contains(name))
      return bad(path, "tensor '" + shortened(name) + "' is not sent here by the index");
  return file;
}

Result<std::vector<OpenFile>> open_shards(const std::string& directory, const std::string& index) {
  const Result<ShardMap> shards = read_index(index);
  if (!shards)
    return shards.error();
  std::vector<OpenFile> files;
  for (const auto& [shard, promised] : shards.value()) {
    Result<OpenFile> file = open_shard((fs::path(directory) / shard).string(), promised);
    if (!file)
      return file.error();
    files.push_back(std::move(file).value());
  }
  return files;
}

Result<std::vector<OpenFile>> open_all(const std::string& directory) {
  const std::string whole = (fs::path(directory) / "model.safetensors").string();
  const std::string index = whole + ".index.json";
  if (!exists(whole) && !exists(index))
    return no_weights(directory);
  if (!exists(whole))
    return open_shards(directory, index);
  Result<OpenFile> file = SafetensorsFile::open(whole);
  if (!file)
    return file.error();
  return std::vector<OpenFile>{std::move(file).value()};
}

}  // namespace

Result<WeightFiles> WeightFiles::open(const std::string& directory) {
  const Result<std::vector<OpenFile>> files = open_all(directory);
  if (!files)
    return files.error();
  WeightFiles out;
  out.directory_ = directory;
  for (const OpenFile& file : files.value())
    for (const StoredTensor& tensor : file->tensors())
      out.places_[tensor.name] = {file, &tensor};
  return out;
}

std::vector<TensorShape> WeightFiles::shapes() const {
  std::vector<TensorShape> all;
  for (const auto& [name, place] : places_)
    all.emplace_back(name, place.tensor->shape);
  return all;
}

std::vector<StoredTensor> WeightFiles::stored() const {
  std::vector<StoredTensor> all;
  for (const auto& [name, place] : places_)
    all.push_back(*place.tensor);
  return all;
}

Result<void> WeightFiles::read(const std::string& name, uint64_t first, std::span<float> to) const {
  const Place& place = places_.at(name);
  if (auto done = place.file->read(*place.tensor, first, to); !done)
    return done;
  return check_finite(directory_, name, to, first);
}

Result<NamedTensor> WeightFiles::read(const std::string& name) const {
  const StoredTensor& stored = *places_.at(name).tensor;
  NamedTensor tensor{name, stored.shape, std::vector<float>(stored.count)};
  if (auto done = read(name, 0, tensor.values); !done)
    return done.error();
  return tensor;
}

}  // namespace nelumbo
