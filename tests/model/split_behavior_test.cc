// SPDX-License-Identifier: Apache-2.0
#include "model/split_behavior.h"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nelumbo {
namespace {

/// "a--b" with each dash a match, as words with bars between.
std::string words(const std::string& behavior) {
  const std::string text = "a--b-";
  const auto read = split_behavior(behavior, "p");
  if (!read)
    return read.error().message;
  std::string shown;
  for (const Words::Range& word : words_of_spans(
           {{0, 1, false}, {1, 2, true}, {2, 3, true}, {3, 4, false}, {4, 5, true}}, read.value()))
    shown += (shown.empty() ? "" : "|") + text.substr(word.begin, word.end - word.begin);
  return shown;
}

TEST(SplitBehavior, SaysWhatBecomesOfMatches) {
  EXPECT_EQ(words("Isolated"), "a|-|-|b|-");
  EXPECT_EQ(words("Removed"), "a|b");
  EXPECT_EQ(words("MergedWithPrevious"), "a-|-|b-");
  EXPECT_EQ(words("MergedWithNext"), "a|-|-b|-");
  EXPECT_EQ(words("Contiguous"), "a|--|b|-");
}

TEST(SplitBehavior, RefusesAnotherByItsName) {
  EXPECT_EQ(words("Doubled"),
            "p: the behavior \"Doubled\" is not supported; Isolated, Removed, MergedWithPrevious, "
            "MergedWithNext and Contiguous are");
}

}  // namespace
}  // namespace nelumbo
