// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nelumbo {

/// A set of ASCII characters.
using AsciiSet = std::bitset<128>;

/// The characters of a text. REQUIRES: ASCII.
AsciiSet set_of(std::string_view all);
/// From `first` to `last`, both in it.
AsciiSet set_of_range(size_t first, size_t last);

/// What a name in a regular expression stands for: "d" of \d, "W" of \W, "alpha" of [:alpha:],
/// "pL" of the property L; none for other names.
std::optional<AsciiSet> named_set(std::string_view name);

/// The lowest character; the size of all sets where there is none.
size_t lowest(const AsciiSet& set);

/// A few of its characters: those that many sets have (a, 0, blank), and the first of each of its
/// runs, so that two sets with a common character have a common sample, mostly.
std::vector<std::string> samples_of(const AsciiSet& set);

}  // namespace nelumbo
