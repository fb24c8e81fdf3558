// SPDX-License-Identifier: Apache-2.0
#include "model/safetensors_writer.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <memory>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/direct_file.h"
#include "base/draft.h"
#include "base/half.h"
#include "model/weights.h"

namespace nelumbo {
namespace {

static_assert(std::endian::native == std::endian::little, "tensors are stored little-endian");

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

uint64_t bytes_of(const SafetensorsPlan& plan, StoredType type) {
  uint64_t bytes = type == StoredType::kF32 ? sizeof(float) : sizeof(uint16_t);
  for (const int64_t size : plan.shape)
    bytes *= static_cast<uint64_t>(size);
  return bytes;
}

/// All that stands before the data.
std::string header_of(const std::vector<SafetensorsPlan>& plans, StoredType type) {
  nlohmann::ordered_json header{{"__metadata__", {{"format", "pt"}}}};
  uint64_t end = 0;
  for (const SafetensorsPlan& plan : plans) {
    NELUMBO_CHECK(!header.contains(plan.name)) << plan.name << ": two tensors of this name";
    const uint64_t begin = std::exchange(end, end + bytes_of(plan, type));
    header[plan.name] = {{"dtype", type == StoredType::kF32 ? "F32" : "BF16"},
                         {"shape", plan.shape},
                         {"data_offsets", {begin, end}}};
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  const uint64_t length = text.size();
  return std::string(reinterpret_cast<const char*>(&length), sizeof(length)) + text;
}

std::string_view bytes_in(const auto& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0])};
}

Result<void> append_halves(DirectWriter& file, const std::vector<float>& values,
                           const std::string& place) {
  std::vector<uint16_t> halves(values.size());
  std::transform(values.begin(), values.end(), halves.begin(), to_bf16);
  const auto grown = std::find_if_not(halves.begin(), halves.end(),
                                      [](uint16_t half) { return std::isfinite(from_bf16(half)); });
  if (grown != halves.end())
    return bad(place, "holds a value that is not finite in bf16; fp32 holds every finite one");
  return file.append(bytes_in(halves));
}

Result<void> append_tensor(DirectWriter& file, const SafetensorsPlan& plan, StoredType type,
                           const NamedTensor& tensor, const std::string& place) {
  const std::vector<float>& values = tensor.values;
  if (tensor.shape != plan.shape ||
      values.size() * sizeof(float) != bytes_of(plan, StoredType::kF32))
    return bad(place, "has another shape than the configuration says");
  return type == StoredType::kF32 ? file.append(bytes_in(values))
                                  : append_halves(file, values, place);
}

/// `give` answers a name with a pointer to the tensor, or an error.
template <class Give>
Result<std::string> write(const std::string& path, std::vector<SafetensorsPlan> plans,
                          StoredType type, const Give& give) {
  std::ranges::sort(plans, {}, &SafetensorsPlan::name);
  const Draft draft(path);
  Result<DirectWriter> file = DirectWriter::create(draft.name());
  if (!file)
    return file.error();
  if (auto done = file.value().append(header_of(plans, type)); !done)
    return done.error();
  for (const SafetensorsPlan& plan : plans) {
    const auto tensor = give(plan.name);
    if (!tensor)
      return tensor.error();
    if (auto done = append_tensor(file.value(), plan, type, *tensor.value(),
                                  path + ": tensor '" + plan.name + "'");
        !done)
      return done.error();
  }
  Result<std::string> hash = file.value().finish();
  if (!hash)
    return hash;
  if (auto done = draft.put(); !done)
    return done.error();
  return hash;
}

}  // namespace

Result<std::string> write_safetensors(const std::string& path, std::vector<SafetensorsPlan> plans,
                                      StoredType type, const WeightSource& source) {
  using Tensor = std::unique_ptr<const NamedTensor>;
  return write(path, std::move(plans), type, [&](const std::string& name) -> Result<Tensor> {
    auto tensor = source(name);
    if (!tensor)
      return tensor.error();
    return std::make_unique<const NamedTensor>(std::move(tensor).value());
  });
}

Result<std::string> write_safetensors(const std::string& path, const WeightSet& weights,
                                      StoredType type) {
  std::vector<SafetensorsPlan> plans;
  std::map<std::string, const NamedTensor*> by_name;
  for (const NamedTensor& tensor : weights) {
    plans.push_back({tensor.name, tensor.shape});
    by_name.emplace(tensor.name, &tensor);
  }
  return write(
      path, std::move(plans), type,
      [&](const std::string& name) -> Result<const NamedTensor*> { return by_name.at(name); });
}

}  // namespace nelumbo
