// SPDX-License-Identifier: Apache-2.0
#include "model/weights.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <utility>

#include "base/hash.h"
#include "base/text.h"
#include "model/weight_files.h"

namespace nelumbo {
namespace {

bool is_finite(float value) {
  constexpr uint32_t kExponent = 0x7F800000;
  return (std::bit_cast<uint32_t>(value) & kExponent) != kExponent;
}

}  // namespace

Result<WeightSet> read_weights(const std::string& directory) {
  const Result<WeightFiles> files = WeightFiles::open(directory);
  if (!files)
    return files.error();
  WeightSet weights;
  for (const auto& [name, shape] : files.value().shapes()) {
    Result<NamedTensor> tensor = files.value().read(name);
    if (!tensor)
      return tensor.error();
    weights.push_back(std::move(tensor).value());
  }
  return weights;
}

Result<void> check_finite(const std::string& place, const std::string& name,
                          std::span<const float> values, uint64_t first) {
  bool all = true;  // without a branch, many at a time
  for (const float value : values)
    all &= is_finite(value);
  if (all)
    return {};
  const auto at = std::ranges::find_if_not(values, is_finite);
  return Error{Errc::kBadData,
               place + ": tensor '" + shortened(name) + "': value " +
                   std::to_string(first + static_cast<uint64_t>(at - values.begin())) +
                   " is not finite"};
}

Result<void> check_finite(const WeightSet& weights, const std::string& place) {
  for (const NamedTensor& tensor : weights)
    if (auto sound = check_finite(place, tensor.name, tensor.values); !sound)
      return sound;
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
