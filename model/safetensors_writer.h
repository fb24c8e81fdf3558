// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/stored_type.h"
#include "model/weight_source.h"

namespace nelumbo {

/// A tensor that a safetensors file is to hold.
struct SafetensorsPlan {
  std::string name;
  std::vector<int64_t> shape;
};

/// Writes a safetensors file tensor by tensor, in name order, as a whole or not at all, and
/// durably, with {"format": "pt"} as metadata. The XXH3-128 of the file in hex; kBadData when the
/// source gives another shape than planned or a value that the type cannot hold. REQUIRES: no name
/// twice.
Result<std::string> write_safetensors(const std::string& path, std::vector<SafetensorsPlan> plans,
                                      StoredType type, const WeightSource& source);

}  // namespace nelumbo
