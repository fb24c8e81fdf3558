// SPDX-License-Identifier: Apache-2.0
#include "corpus/ngram_index.h"

#include <string>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

/// "w3 w4 ... " with `count` words.
std::string words(int first, int count) {
  std::string text;
  for (int i = first; i < first + count; ++i)
    text += "w" + std::to_string(i) + " ";
  return text;
}

TEST(NgramIndex, CountsDistinctRunsOfThirteenWords) {
  EXPECT_TRUE(ngrams_of(words(0, 12)).empty());
  EXPECT_EQ(ngrams_of(words(0, 13)).size(), 1U);
  EXPECT_EQ(ngrams_of(words(0, 20)).size(), 8U);
  EXPECT_EQ(ngrams_of(words(0, 13) + words(0, 13) + words(0, 13)).size(), 13U);
}

TEST(NgramIndex, IgnoresCaseAndPunctuation) {
  EXPECT_EQ(ngrams_of("A b, c. D e f (g) h i j k l m"), ngrams_of("a b c d e f g h i j k l m"));
}

TEST(NgramIndex, SharesAreOfTheTextThatHasFewer) {
  NgramIndex index;
  EXPECT_EQ(index.add(words(0, 112)), 0);               // 100 runs
  EXPECT_EQ(index.add(words(90, 16)), 1);               // 4 runs
  EXPECT_EQ(index.add(words(500, 40)), 2);              // nothing in common
  const auto overlaps = index.overlaps(words(80, 32));  // 20 runs, 20 in text 0, 4 in text 1
  ASSERT_EQ(overlaps.size(), 2U);
  EXPECT_EQ(overlaps[0].text, 0);
  EXPECT_EQ(overlaps[0].common, 20);
  EXPECT_DOUBLE_EQ(overlaps[0].share, 1);
  EXPECT_EQ(overlaps[1].common, 4);
  const auto part = index.overlaps(words(98, 22));  // 10 runs, 2 of them in text 0
  ASSERT_EQ(part.size(), 1U);
  EXPECT_EQ(part[0].text, 0);
  EXPECT_DOUBLE_EQ(part[0].share, 0.2);
}

}  // namespace
}  // namespace nelumbo
