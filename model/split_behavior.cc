// SPDX-License-Identifier: Apache-2.0
#include "model/split_behavior.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "model/step_fields.h"

namespace nelumbo {
namespace {

/// Whether a span is joined to the word that was made just before it in the order of reading.
bool joins(SplitBehavior behavior, bool match, bool last_match) {
  if (behavior == SplitBehavior::kContiguous)
    return match == last_match;
  return behavior != SplitBehavior::kIsolated && match && !last_match;
}

std::vector<Words::Range> from_the_back(const std::vector<Regex::Span>& spans) {
  std::vector<Words::Range> words;
  bool last_match = false;
  for (auto span = spans.rbegin(); span != spans.rend(); ++span) {
    if (joins(SplitBehavior::kMergedWithNext, span->match, last_match) && !words.empty())
      words.back().begin = span->begin;
    else
      words.push_back({span->begin, span->end});
    last_match = span->match;
  }
  std::reverse(words.begin(), words.end());
  return words;
}

}  // namespace

Result<SplitBehavior> split_behavior(const nlohmann::json& name, const std::string& place) {
  if (name == "Isolated")
    return SplitBehavior::kIsolated;
  if (name == "Removed")
    return SplitBehavior::kRemoved;
  if (name == "MergedWithPrevious")
    return SplitBehavior::kMergedWithPrevious;
  if (name == "MergedWithNext")
    return SplitBehavior::kMergedWithNext;
  if (name == "Contiguous")
    return SplitBehavior::kContiguous;
  return bad_data(place, "the behavior " + excerpt(name) +
                             " is not supported; Isolated, Removed, MergedWithPrevious, "
                             "MergedWithNext and Contiguous are");
}

std::vector<Words::Range> words_of_spans(const std::vector<Regex::Span>& spans,
                                         SplitBehavior behavior) {
  if (behavior == SplitBehavior::kMergedWithNext)
    return from_the_back(spans);
  std::vector<Words::Range> words;
  words.reserve(spans.size());
  bool last_match = false;
  for (const Regex::Span& span : spans) {
    if (behavior == SplitBehavior::kRemoved) {
      if (!span.match)
        words.push_back({span.begin, span.end});
      continue;
    }
    if (joins(behavior, span.match, last_match) && !words.empty())
      words.back().end = span.end;
    else
      words.push_back({span.begin, span.end});
    last_match = span.match;
  }
  return words;
}

}  // namespace nelumbo
