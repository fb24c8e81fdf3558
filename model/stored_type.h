// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "base/half.h"

namespace nelumbo {

/// How values of weights are stored. The arithmetic on them is fp32.
enum class StoredType { kF32, kBf16 };

/// Rounds values to what the type can store.
inline void round_to(StoredType type, std::span<float> values) {
  if (type == StoredType::kBf16)
    for (float& value : values)
      value = from_bf16(to_bf16(value));
}

}  // namespace nelumbo
