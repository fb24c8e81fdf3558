// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "bench/figure.h"
#include "kernels/team.h"
#include "model/config.h"

namespace nelumbo {

/// Sequences that decode together behind one shared prompt.
struct DecodeLoad {
  int64_t batch = 32;
  int64_t prompt = 128;
  int64_t answer = 64;  ///< at least 2 tokens: the first comes with the prompt
};

/// What the engine multiplies, and is held against.
enum class DecodeSides { kBf16BesideFp32, kInt8BesideBf16 };

/// Tokens/s of the rollout engine, log-probs, entropies and sampling included, beside the same
/// engine with other products and the limit of memory and arithmetic.
Figure measure_decode(Team& team, const ModelConfig& shape, const DecodeLoad& load,
                      DecodeSides sides, int64_t repeats);

}  // namespace nelumbo
