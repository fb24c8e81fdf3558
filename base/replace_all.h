// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nelumbo {

/// Puts `to` in the place of each `from`, from left to right; what was put in is not looked at
/// again. REQUIRES: `from` is not empty.
inline void replace_all(std::string* text, std::string_view from, std::string_view to) {
  for (size_t at = text->find(from); at != std::string::npos; at = text->find(from, at + to.size()))
    text->replace(at, from.size(), to);
}

}  // namespace nelumbo
