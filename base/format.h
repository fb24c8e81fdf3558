// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <string>

namespace nelumbo {

/// What printf writes, as text of any length.
template <class... Parts>
std::string formatted(const char* pattern, Parts... parts) {
  const int length = std::snprintf(nullptr, 0, pattern, parts...);
  std::string text(static_cast<size_t>(length > 0 ? length : 0), '\0');
  std::snprintf(text.data(), text.size() + 1, pattern, parts...);
  return text;
}

}  // namespace nelumbo
