// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reward/ascii_set.h"

namespace nelumbo {

/// A part of a regular expression, as far as texts for it can be made of it.
struct PatternNode {
  enum class Kind {
    kCharacter,  ///< one character of `set`, or `text`
    kText,       ///< `text`: nothing for places, what a group gives where the pattern refers to it
    kSequence,   ///< all of `parts`
    kChoice,     ///< one of `parts`
    kRepeat,     ///< `parts[0]`, `least` to `most` times
    kLook,       ///< `parts[0]`, which stands there and is not taken
  };

  Kind kind = Kind::kText;
  AsciiSet set{};
  std::string text{};  ///< of kCharacter a character beyond ASCII that it takes, or nothing
  std::vector<PatternNode> parts{};
  int64_t least = 1, most = 1;
};

/// Reads a pattern that PCRE2 compiles. What it does not know (a property of characters, a verb) is
/// read as something near it or as nothing, so the tree is no judge of what matches.
///
/// Example: "x{3}(a|b)+$" is the sequence of x three times, the choice of a and b any number of
/// times, and nothing.
PatternNode tree_of(std::string_view pattern);

}  // namespace nelumbo
