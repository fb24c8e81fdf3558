// SPDX-License-Identifier: Apache-2.0
#include "reward/emphasis.h"

#include <array>
#include <cstdint>
#include <utility>

#include "base/text.h"

namespace nelumbo {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

/// Longer ones first where one begins another.
constexpr std::array kAround = {Pair{"\\boxed{", "}"}, Pair{"\\fbox{", "}"}, Pair{"**", "**"},
                                Pair{"__", "__"},      Pair{"*", "*"},       Pair{"_", "_"},
                                Pair{"\\(", "\\)"},    Pair{"\\[", "\\]"}};

/// What stands between; all of the text where the two are not around it.
std::string_view inside(std::string_view text, const Pair& around) {
  const auto& [open, close] = around;
  if (text.size() <= open.size() + close.size() || !text.starts_with(open) ||
      !text.ends_with(close))
    return text;
  const std::string_view held = text.substr(open.size(), text.size() - open.size() - close.size());
  if (close != "}")
    return held.find(close) == std::string_view::npos ? held : text;
  int64_t depth = 0;
  for (const char c : held) {
    depth += c == '{' ? 1 : (c == '}' ? -1 : 0);
    if (depth < 0)
      return text;
  }
  return held;
}

}  // namespace

std::string_view without_emphasis(std::string_view text) {
  text = trimmed(text);
  constexpr std::string_view kFirst = "\\*_";  // of what stands around a text
  for (bool changed = true; changed;) {
    changed = false;
    if (text.empty() || kFirst.find(text.front()) == std::string_view::npos)
      return text;
    const bool has_stop = text.ends_with('.');
    const std::string_view whole = has_stop ? trimmed(text.substr(0, text.size() - 1)) : text;
    for (const Pair& around : kAround)
      if (const std::string_view held = inside(whole, around); held.size() < whole.size()) {
        text = trimmed(held);
        changed = true;
        break;
      }
  }
  return text;
}

std::string without_math_dollars(std::string_view text) {
  const auto is_currency = [&](size_t at) { return at > 0 && text[at - 1] == '\\'; };
  int64_t dollars = 0;
  for (size_t at = 0; at < text.size(); ++at)
    dollars += text[at] == '$' && !is_currency(at) ? 1 : 0;
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '$')
      out += text[at];
    else if (is_currency(at) || dollars % 2 == 1)
      out += (is_currency(at) ? std::string() : "\\") + "$";
  }
  return out;
}

}  // namespace nelumbo
