// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/config.h"

namespace nelumbo {

/// One tensor under both names.
struct GgufParameter {
  std::string gguf_name;
  std::string hf_name;
  std::vector<int64_t> shape;
  /// Not 0 where GGUF interleaves the two halves of this many heads' rows.
  int64_t permuted_heads = 0;
};

/// All tensors of the model but `rope_freqs.weight`, in the order that GGUF files have.
/// REQUIRES: an architecture that they hold.
std::vector<GgufParameter> gguf_parameters(const ModelConfig& config);

/// Puts the rows of a projection (or the values of its bias) in the order of Hugging Face: GGUF's
/// llama architecture has value j of both halves of a head side by side. `values` is row-major.
/// REQUIRES: rows a multiple of 2 * heads.
std::vector<float> from_gguf_rows(const std::vector<float>& values, int64_t rows, int64_t heads);
/// The inverse.
std::vector<float> to_gguf_rows(const std::vector<float>& values, int64_t rows, int64_t heads);

}  // namespace nelumbo
