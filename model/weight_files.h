// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/safetensors_file.h"
#include "model/weights.h"

namespace nelumbo {

/// The weights of a Hugging Face directory, on the disk: `model.safetensors`, or the shards of
/// `model.safetensors.index.json`. Immutable, shared between threads.
class WeightFiles {
 public:
  /// Reads the headers alone. kBadData names what is malformed; a shard elsewhere and a shard that
  /// differs from the index are refused, and pickled weights are never opened.
  static Result<WeightFiles> open(const std::string& directory);

  /// Names in order, with shapes.
  std::vector<TensorShape> shapes() const;

  /// How each tensor lies in its file, in the order of the names.
  std::vector<StoredTensor> stored() const;

  /// Values of a tensor from value `first` on. kBadData when one is not finite. REQUIRES: there is
  /// such a tensor, and it has so many.
  Result<void> read(const std::string& name, uint64_t first, std::span<float> to) const;
  Result<NamedTensor> read(const std::string& name) const;

 private:
  /// Where a tensor lies.
  struct Place {
    std::shared_ptr<const SafetensorsFile> file;
    const StoredTensor* tensor;
  };

  std::string directory_;
  std::map<std::string, Place> places_;
};

}  // namespace nelumbo
