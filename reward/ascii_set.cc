// SPDX-License-Identifier: Apache-2.0
#include "reward/ascii_set.h"

#include <algorithm>
#include <map>

namespace nelumbo {

AsciiSet set_of(std::string_view all) {
  AsciiSet set;
  for (const char c : all)
    set.set(static_cast<unsigned char>(c) & 0x7F);
  return set;
}

AsciiSet set_of_range(size_t first, size_t last) {
  AsciiSet set;
  for (size_t c = first; c <= std::min(last, set.size() - 1); ++c)
    set.set(c);
  return set;
}

std::optional<AsciiSet> named_set(std::string_view name) {
  static const std::map<std::string_view, AsciiSet> kSets = [] {
    const AsciiSet digit = set_of_range('0', '9'), upper = set_of_range('A', 'Z'),
                   lower = set_of_range('a', 'z');
    const AsciiSet space = set_of(" \t\n\v\f\r"), blank = set_of(" \t");
    const AsciiSet vertical = set_of("\n\v\f\r"), word = digit | upper | lower | set_of("_");
    const AsciiSet graph = set_of_range('!', '~'), punct = graph & ~(digit | upper | lower);
    return std::map<std::string_view, AsciiSet>{
        {"d", digit},
        {"D", ~digit},
        {"w", word},
        {"W", ~word},
        {"s", space},
        {"S", ~space},
        {"h", blank},
        {"H", ~blank},
        {"v", vertical},
        {"V", ~vertical},
        {"R", vertical},
        {"N", ~set_of("\n")},
        {"X", ~set_of("\n")},
        {"alpha", upper | lower},
        {"digit", digit},
        {"alnum", upper | lower | digit},
        {"upper", upper},
        {"lower", lower},
        {"space", space},
        {"blank", blank},
        {"punct", punct},
        {"word", word},
        {"xdigit", digit | set_of_range('a', 'f') | set_of_range('A', 'F')},
        {"graph", graph},
        {"print", graph | set_of(" ")},
        {"cntrl", set_of_range(0, 31)},
        {"ascii", set_of_range(0, 127)},
        {"pL", upper | lower},
        {"pN", digit},
        {"pP", punct},
        {"pS", set_of("$+<=>^`|~")},
        {"pZ", blank},
        {"pM", AsciiSet()},
        {"pC", set_of_range(0, 31)}};
  }();
  const auto known = kSets.find(name);
  return known == kSets.end() ? std::nullopt : std::optional(known->second);
}

size_t lowest(const AsciiSet& set) {
  size_t first = 0;
  while (first < set.size() && !set[first])
    ++first;
  return first;
}

std::vector<std::string> samples_of(const AsciiSet& set) {
  constexpr size_t kMost = 4;
  std::vector<std::string> samples;
  const auto add = [&](size_t c) {
    const std::string one(1, static_cast<char>(c));
    if (samples.size() < kMost && std::ranges::find(samples, one) == samples.end())
      samples.push_back(one);
  };
  for (const char usual : std::string_view("a0 "))
    if (set[static_cast<size_t>(usual)])
      add(static_cast<size_t>(usual));
  for (size_t c = ' '; c < set.size(); ++c)
    if (set[c] && (c == ' ' || !set[c - 1]))
      add(c);
  if (samples.empty() && set.any())
    add(lowest(set));
  return samples;
}

}  // namespace nelumbo
