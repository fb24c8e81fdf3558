// SPDX-License-Identifier: Apache-2.0
#include "reward/emphasis.h"

#include <array>
#include <cstdint>
#include <span>

#include "base/text.h"

namespace nelumbo {

namespace {

struct Wrapping {
  std::string_view open, close;
};

/// Those that are emphasis, then the others; longer ones first where one begins another.
constexpr std::array kWrappings = {
    Wrapping{"\\boxed{", "}"},  Wrapping{"\\fbox{", "}"},   Wrapping{"**", "**"},
    Wrapping{"__", "__"},       Wrapping{"*", "*"},         Wrapping{"_", "_"},
    Wrapping{"\\(", "\\)"},     Wrapping{"\\[", "\\]"},     Wrapping{"\\text{", "}"},
    Wrapping{"\\textbf{", "}"}, Wrapping{"\\textit{", "}"}, Wrapping{"\\mathrm{", "}"},
    Wrapping{"\\mathbf{", "}"}, Wrapping{"{", "}"},         Wrapping{"$", "$"},
    Wrapping{"`", "`"},         Wrapping{"“", "”"},         Wrapping{"(", ")"},
    Wrapping{"[", "]"}};
constexpr size_t kEmphases = 8;

/// What stands between; all of the text where the two are not around it, or not around it as one.
std::string_view inside(std::string_view text, const Wrapping& around) {
  const auto& [open, close] = around;
  if (text.size() <= open.size() + close.size() || !text.starts_with(open) ||
      !text.ends_with(close))
    return text;
  const std::string_view held = text.substr(open.size(), text.size() - open.size() - close.size());
  if (close != "}")
    return held.find(open) == held.npos && held.find(close) == held.npos ? held : text;
  int64_t depth = 0;
  for (const char c : held) {
    depth += c == '{' ? 1 : (c == '}' ? -1 : 0);
    if (depth < 0)
      return text;
  }
  return held;
}

/// What may still be taken off a text. Each layer costs a look at all of it, and who sets it apart
/// time and again names nothing.
class Layers {
 public:
  /// The text without the first of them that is around it; itself where none is.
  std::string_view unwrapped(std::string_view text, std::span<const Wrapping> wrappings) {
    for (const Wrapping& around : wrappings) {
      const std::string_view held = left_ > 0 ? inside(text, around) : text;
      if (held.size() == text.size())
        continue;
      --left_;
      return trimmed(held);
    }
    return text;
  }

  std::string_view without_emphasis(std::string_view text) {
    text = trimmed(text);
    constexpr std::string_view kFirst = "\\*_";  // of what stands around a text
    while (!text.empty() && kFirst.find(text.front()) != std::string_view::npos) {
      const bool has_stop = text.ends_with('.');
      const std::string_view whole = has_stop ? trimmed(text.substr(0, text.size() - 1)) : text;
      const std::string_view held = unwrapped(whole, std::span(kWrappings).first(kEmphases));
      if (held.size() == whole.size())
        break;
      text = held;
    }
    return text;
  }

 private:
  int left_ = 16;
};

}  // namespace

std::string_view without_emphasis(std::string_view text) {
  return Layers().without_emphasis(text);
}

std::string_view without_wrapping(std::string_view text) {
  Layers layers;
  for (text = layers.without_emphasis(text);;) {
    const std::string_view held = layers.unwrapped(text, std::span(kWrappings).subspan(kEmphases));
    if (held.size() == text.size())
      return text;
    text = layers.without_emphasis(held);
  }
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
