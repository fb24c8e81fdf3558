// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nelumbo {

/// Puts `to` in the place of each `from`, from left to right; what was put in is not looked at
/// again. REQUIRES: `from` is not empty.
inline void replace_all(std::string* text, std::string_view from, std::string_view to) {
  size_t at = text->find(from), done = 0;
  if (at == std::string::npos)
    return;
  std::string out;
  for (; at != std::string::npos; at = text->find(from, done)) {
    out.append(*text, done, at - done).append(to);
    done = at + from.size();
  }
  *text = out.append(*text, done);
}

}  // namespace nelumbo
