// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/gguf_value.h"
#include "model/input_file.h"
#include "model/quantisation.h"

namespace nelumbo {

constexpr uint32_t kGgufMagic = 0x46554747;  ///< "GGUF"
constexpr uint32_t kGgufVersion = 3;         ///< what is written; 2 is the same and read as well
constexpr uint64_t kGgufAlignment = 32;      ///< of a file that does not name another

/// Where a tensor stands in a GGUF file.
struct GgufTensor {
  std::string name;            ///< GGUF's own, such as blk.0.attn_q.weight
  std::vector<int64_t> shape;  ///< outermost first, as Hugging Face has it; GGUF stores it reversed
  const BlockFormat* format = nullptr;
  uint64_t offset = 0;  ///< from the begin of the file
  uint64_t bytes = 0;
  int64_t count = 0;  ///< values
};

/// A GGUF file that was found sound: metadata in memory, tensors on disk until they are asked for.
/// Immutable; `read` may be called from several threads.
class GgufFile {
 public:
  /// Reads and checks all but the tensors' values, version 2 or 3, little-endian. kBadData names
  /// the place and what is wrong; memory stays in proportion to the metadata, which has a limit.
  static Result<GgufFile> open(const std::string& path);

  const std::string& path() const { return file_->path(); }
  const GgufMetadata& metadata() const { return metadata_; }
  /// In the order of the file; no name twice, no byte shared.
  const std::vector<GgufTensor>& tensors() const { return tensors_; }
  /// Null when there is none of this name.
  const GgufTensor* tensor(const std::string& name) const;

  /// The values, widened to fp32, row-major. REQUIRES: a tensor of this file.
  Result<std::vector<float>> read(const GgufTensor& tensor) const;

 private:
  GgufFile() = default;

  std::shared_ptr<const InputFile> file_;
  GgufMetadata metadata_;
  std::vector<GgufTensor> tensors_;
};

}  // namespace nelumbo
