// SPDX-License-Identifier: Apache-2.0
#include "apps/json_end.h"

namespace nelumbo {

std::optional<size_t> JsonEnd::push(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const bool was_inside = depth_ > 0;
    read(text[i]);
    if (was_inside && depth_ == 0)
      return i + 1;
  }
  return std::nullopt;
}

void JsonEnd::read(char c) {
  if (in_text_) {
    in_text_ = escaped_ || c != '"';
    escaped_ = !escaped_ && c == '\\';
  } else if (depth_ == 0) {
    depth_ = c == '{' ? 1 : 0;
  } else if (c == '"') {
    in_text_ = true;
  } else if (c == '{' || c == '[') {
    ++depth_;
  } else if (c == '}' || c == ']') {
    --depth_;
  }
}

}  // namespace nelumbo
