// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/input_file.h"

namespace nelumbo {

/// How a tensor lies in a safetensors file.
struct StoredTensor {
  enum class Dtype { kF64, kF32, kBf16, kF16, kF8E4m3, kF8E5m2 };

  std::string name;
  Dtype dtype = Dtype::kF32;
  std::vector<int64_t> shape;
  uint64_t count = 0;           ///< values
  uint64_t begin = 0, end = 0;  ///< bytes, behind the header
};

/// What the format calls a type.
const char* name_of(StoredTensor::Dtype dtype);

/// A safetensors file whose header was checked, and whose tensors are read when they are asked for.
/// Immutable, shared between threads.
class SafetensorsFile {
 public:
  /// kBadData names the file, or the tensor, that is malformed: size, JSON, duplicates, holes,
  /// overlaps, the end of the file.
  static Result<std::shared_ptr<const SafetensorsFile>> open(const std::string& path);

  const std::string& path() const { return file_->path(); }
  /// In the order of their bytes.
  const std::vector<StoredTensor>& tensors() const { return tensors_; }

  /// The values of a tensor from value `first` on, as fp32, to which those of F64 are rounded.
  /// REQUIRES: it has so many.
  Result<void> read(const StoredTensor& tensor, uint64_t first, std::span<float> to) const;

 private:
  SafetensorsFile(std::unique_ptr<InputFile> file, std::vector<StoredTensor> tensors,
                  uint64_t data);

  std::unique_ptr<InputFile> file_;
  std::vector<StoredTensor> tensors_;
  uint64_t data_;  ///< where in the file the tensors begin
};

}  // namespace nelumbo
