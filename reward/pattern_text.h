// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "reward/pattern_tree.h"

namespace nelumbo {

/// Which texts a part gives, of the many that it may.
struct TextStyle {
  static constexpr size_t kLast = SIZE_MAX;

  size_t alternative = 0;  ///< which one of a choice, counted round, or kLast
  size_t sample = 0;       ///< which character of a set, counted round
  int64_t times = 1;       ///< how often a part that may be repeated, where that is allowed; with 0
                           ///< what may be almost any character is left out even where it must be
};

/// Appends a text that the part asks for, as long as `text` has fewer than `most` bytes.
void append_text(const PatternNode& node, const TextStyle& style, size_t most, std::string& text);

}  // namespace nelumbo
