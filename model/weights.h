// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "model/config.h"
#include "model/stored_type.h"

namespace nelumbo {

/// A named fp32 tensor, row-major.
struct NamedTensor {
  std::string name;  ///< the Hugging Face name
  std::vector<int64_t> shape;
  std::vector<float> values;
};

/// Name and shape of a tensor.
using TensorShape = std::pair<std::string, std::vector<int64_t>>;

/// All weights of a policy, in the order of `parameter_list`. Immutable once shared.
using WeightSet = std::vector<NamedTensor>;

/// Reads a safetensors file (fp32, bf16 and fp16 become fp32), tensors in name order. The header is
/// checked as the format demands: size, JSON, no duplicates, holes or overlaps, end of file.
Result<WeightSet> read_safetensors(const std::string& path);
/// Reads `model.safetensors`, or the shards of `model.safetensors.index.json`, of a directory, in
/// name order. A shard elsewhere, a shard that differs from the index and a value that is not
/// finite are refused; pickled weights are never opened.
Result<WeightSet> read_weights(const std::string& directory);
/// kBadData "PLACE: tensor 'x': value i is not finite" about the first value that is not; `values`
/// are those of a tensor from value `first` on.
Result<void> check_finite(const std::string& place, const std::string& name,
                          std::span<const float> values, uint64_t first = 0);
Result<void> check_finite(const WeightSet& weights, const std::string& place);
/// Writes tensors in name order, atomically and durably, with {"format": "pt"} as metadata. The
/// XXH3-128 of the file in hex.
Result<std::string> write_safetensors(const std::string& path, const WeightSet& weights,
                                      StoredType type = StoredType::kF32);

/// XXH3-128 in hex over name, dtype, shape and bytes in name order: equal exactly when the policies
/// are.
std::string weights_hash(const WeightSet& weights);

}  // namespace nelumbo
