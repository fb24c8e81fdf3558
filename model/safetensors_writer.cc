// SPDX-License-Identifier: Apache-2.0
#include "model/safetensors_writer.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/draft.h"
#include "base/file.h"
#include "base/half.h"

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

Result<void> append_halves(AppendFile& file, const std::vector<float>& values,
                           const std::string& place) {
  std::vector<uint16_t> halves(values.size());
  std::transform(values.begin(), values.end(), halves.begin(), to_bf16);
  const auto grown = std::find_if_not(halves.begin(), halves.end(),
                                      [](uint16_t half) { return std::isfinite(from_bf16(half)); });
  if (grown != halves.end())
    return bad(place, "holds a value that is not finite in bf16; fp32 holds every finite one");
  return file.append(bytes_in(halves));
}

Result<void> append_tensor(AppendFile& file, const SafetensorsPlan& plan, StoredType type,
                           const WeightSource& source, const std::string& place) {
  const Result<NamedTensor> tensor = source(plan.name);
  if (!tensor)
    return tensor.error();
  const std::vector<float>& values = tensor.value().values;
  if (tensor.value().shape != plan.shape ||
      values.size() * sizeof(float) != bytes_of(plan, StoredType::kF32))
    return bad(place, "has another shape than the configuration says");
  return type == StoredType::kF32 ? file.append(bytes_in(values))
                                  : append_halves(file, values, place);
}

}  // namespace

Result<void> write_safetensors(const std::string& path, std::vector<SafetensorsPlan> plans,
                               StoredType type, const WeightSource& source) {
  std::ranges::sort(plans, {}, &SafetensorsPlan::name);
  const Draft draft(path);
  Result<AppendFile> file = AppendFile::open(draft.name());
  if (!file)
    return file.error();
  if (auto done = file.value().append(header_of(plans, type)); !done)
    return done;
  for (const SafetensorsPlan& plan : plans)
    if (auto done =
            append_tensor(file.value(), plan, type, source, path + ": tensor '" + plan.name + "'");
        !done)
      return done;
  if (auto done = file.value().sync(); !done)
    return done;
  return draft.put();
}

}  // namespace nelumbo
