// SPDX-License-Identifier: Apache-2.0
#include "reward/pattern_text.h"

#include <algorithm>
#include <vector>

namespace nelumbo {

namespace {

using Kind = PatternNode::Kind;

void append_times(const PatternNode& repeat, const TextStyle& style, size_t most,
                  std::string& text) {
  constexpr size_t kAlmostAny = 100;
  if (style.times == 0 && repeat.parts.front().set.count() > kAlmostAny)
    return;
  const int64_t times = std::max(repeat.least, std::min(style.times, repeat.most));
  for (int64_t i = 0; i < times && text.size() < most; ++i) {
    const size_t before = text.size();
    append_text(repeat.parts.front(), style, most, text);
    if (text.size() == before)
      return;
  }
}

}  // namespace

void append_text(const PatternNode& node, const TextStyle& style, size_t most, std::string& text) {
  if (text.size() >= most)
    return;
  if (node.kind == Kind::kText) {
    text += node.text;
  } else if (node.kind == Kind::kCharacter) {
    std::vector<std::string> samples = samples_of(node.set);
    if (!node.text.empty())
      samples.push_back(node.text);
    if (!samples.empty())
      text += samples[style.sample % samples.size()];
  } else if (node.kind == Kind::kSequence) {
    for (const PatternNode& part : node.parts)
      append_text(part, style, most, text);
  } else if (node.kind == Kind::kChoice) {
    const size_t last = node.parts.size() - 1;
    append_text(
        node.parts[style.alternative == TextStyle::kLast ? last : style.alternative % (last + 1)],
        style, most, text);
  } else if (node.kind == Kind::kRepeat) {
    append_times(node, style, most, text);
  }
}

}  // namespace nelumbo
