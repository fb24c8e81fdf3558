// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "base/hash.h"
#include "corpus/training_group.h"

namespace nelumbo {

// What goes into the hash of a run's data.

/// Tokens, with how many there are: [1] [2, 3] is not [1, 2] [3].
inline void add(std::span<const int32_t> tokens, Hasher* hasher) {
  const int64_t count = std::ssize(tokens);
  hasher->update(std::as_bytes(std::span(&count, 1)));
  hasher->update(std::as_bytes(tokens));
}

inline void add(std::span<const Pixels> pictures, Hasher* hasher) {
  for (const Pixels& picture : pictures)
    hasher->update(std::as_bytes(std::span(picture->values)));
}

/// A group without its tasks.
inline void add(const TrainingGroup& group, Hasher* hasher) {
  add(group.prefix, hasher);
  add(group.pixels, hasher);
  for (const TrainingItem& item : group.items) {
    add(item.tokens, hasher);
    add(item.pixels, hasher);
  }
}

}  // namespace nelumbo
