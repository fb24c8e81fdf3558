// SPDX-License-Identifier: Apache-2.0
#include "base/terminal_text.h"

#include <cstdint>

#include "base/format.h"
#include "base/text.h"

namespace nelumbo {
namespace {

/// The code point at `at` of well-formed UTF-8, and its bytes.
struct CodePoint {
  uint32_t value = 0;
  size_t bytes = 1;
};

CodePoint code_point(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[at + i]); };
  const uint8_t first = byte(0);
  if (first < 0x80)
    return {first, 1};
  if (first < 0xE0)
    return {(first & 0x1FU) << 6 | (byte(1) & 0x3FU), 2};
  if (first < 0xF0)
    return {(first & 0x0FU) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU), 3};
  return {
      (first & 0x07U) << 18 | (byte(1) & 0x3FU) << 12 | (byte(2) & 0x3FU) << 6 | (byte(3) & 0x3FU),
      4};
}

bool within(uint32_t value, uint32_t first, uint32_t last) {
  return value >= first && value <= last;
}

/// Marks that have no width of their own, or turn the direction of what follows.
bool is_unseen(uint32_t value) {
  return value == 0xAD || value == 0x61C || value == 0x180E || within(value, 0x200B, 0x200F) ||
         within(value, 0x2028, 0x202E) || within(value, 0x2060, 0x206F) || value == 0xFEFF ||
         within(value, 0xFFF9, 0xFFFB) || within(value, 0xE0000, 0xE007F);
}

std::string shown(std::string_view text, bool keeps_lines) {
  const std::string whole = valid_utf8(text);
  std::string out;
  for (size_t at = 0; at < whole.size();) {
    const CodePoint point = code_point(whole, at);
    if (keeps_lines && (point.value == '\n' || point.value == '\t'))
      out += static_cast<char>(point.value);
    else if (point.value == '\n')
      out += "\\n";
    else if (point.value == '\t')
      out += "\\t";
    else if (point.value < 0x20 || within(point.value, 0x7F, 0x9F))
      out += formatted("\\x%02x", point.value);
    else if (is_unseen(point.value))
      out += formatted("\\u%04x", point.value);
    else
      out.append(whole, at, point.bytes);
    at += point.bytes;
  }
  return out;
}

}  // namespace

std::string terminal_text(std::string_view text) {
  return shown(text, false);
}

std::string terminal_lines(std::string_view text) {
  return shown(text, true);
}

}  // namespace nelumbo
