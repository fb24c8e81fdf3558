// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nelumbo {

/// A text without its markup, and how much there was.
struct Unmarked {
  std::string text = {};
  int64_t tags = 0;        ///< HTML or XML tags, comments
  int64_t structural = 0;  ///< of those, the ones that pages are built of: div, li, a, script, ...
  int64_t markers = 0;     ///< wiki links and templates, TeX commands, BBCode, web addresses
};

/// Takes HTML tags out (with what stands inside script and style), puts characters for entities,
/// and counts the marks of other languages, which stay. "p<b and c>d" and "<<48/2=24>>" are no
/// tags.
Unmarked without_markup(std::string_view text);

}  // namespace nelumbo
