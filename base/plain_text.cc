// SPDX-License-Identifier: Apache-2.0
#include "base/plain_text.h"

#include <algorithm>

#include "base/text.h"

namespace nelumbo {

Error text_error(std::string_view text, const std::string& file, size_t offset,
                 const std::string& reason) {
  const std::string_view before = text.substr(0, offset);
  const auto line = std::ranges::count(before, '\n') + 1;
  const size_t start = before.rfind('\n');
  const size_t column = start == std::string_view::npos ? offset + 1 : offset - start;
  return {Errc::kInvalidConfig,
          file + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + reason};
}

Result<void> require_plain_utf8(std::string_view text, const std::string& file) {
  if (text.starts_with("\xEF\xBB\xBF"))
    return text_error(text, file, 0, "starts with a byte order mark; save it as UTF-8 without one");
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return text_error(text, file, 0, "is UTF-16; save it as UTF-8");
  if (const auto bad = invalid_utf8_at(text))
    return text_error(text, file, *bad, "is not UTF-8 here; save the file as UTF-8");
  if (const size_t bad = text.find('\0'); bad != std::string_view::npos)
    return text_error(text, file, bad, "holds a NUL byte");
  return {};
}

}  // namespace nelumbo
