// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "base/half.h"
#include "kernels/kernels.h"

namespace nelumbo {

/// How values of weights are stored, in files and by a network that computes with them.
enum class StoredType { kF32, kBf16 };

/// What products of matrices that are stored so multiply.
constexpr Precision precision_of(StoredType type) {
  return type == StoredType::kBf16 ? Precision::kBfloat16 : Precision::kFloat32;
}

/// What an engine multiplies: matrices as they are stored, as the learner does and to its bits; or
/// int8 in the decoder and bf16 in the head, faster where weights come from memory, and close.
enum class EngineProducts { kAsStored, kInt8 };

/// Rounds values to what the type can store.
inline void round_to(StoredType type, std::span<float> values) {
  if (type == StoredType::kBf16)
    for (float& value : values)
      value = from_bf16(to_bf16(value));
}

}  // namespace nelumbo
