// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/gguf_value.h"
#include "model/quantisation.h"

namespace nelumbo {

/// A tensor that a GGUF file is to hold.
struct GgufPlan {
  std::string name;            ///< GGUF's own
  std::vector<int64_t> shape;  ///< outermost first
  GgufType type = GgufType::kF32;
};

/// Gives the values of a planned tensor, row-major. Called once for each, in order, so that one
/// tensor at a time is in memory.
using GgufSource = std::function<Result<std::vector<float>>(const GgufPlan&)>;

/// Writes a GGUF file of version 3, as a whole or not at all, and durably. Metadata and tensors
/// keep their order; the data is aligned to `general.alignment` of the metadata, or 32.
/// kBadData when the source gives too few values or one that the type cannot hold.
/// REQUIRES: at most 4 dimensions, whole blocks in a row, names of 1 to 64 bytes, no name twice.
Result<void> write_gguf(const std::string& path, const GgufMetadata& metadata,
                        const std::vector<GgufPlan>& tensors, const GgufSource& source);

}  // namespace nelumbo
