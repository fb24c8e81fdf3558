// SPDX-License-Identifier: Apache-2.0
#include "corpus/text_deck.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

/// Three documents that name nothing, the last of which counts twice as much as each other.
TextDeck deck() {
  return {EntitySampler({{}, {}, {}}, 1, {}, 5, {1, 1, 2}), 3};
}

TEST(TextDeck, DealsDocumentsByTheirFactors) {
  const TextDeck dealt = deck();
  std::vector<int64_t> counts(3);
  for (int64_t i = 0; i < 300; ++i)
    ++counts[static_cast<size_t>(dealt.at(i))];
  EXPECT_NEAR(counts[0], 75, 26);  // 0 or 1 of the 3 draws of an epoch, 3/4 of the time 1
  EXPECT_NEAR(counts[2], 150, 30);
}

TEST(TextDeck, GivesTheSameAtAPlaceWhereverItIsAsked) {
  const TextDeck forward = deck(), at_once = deck();
  const int64_t late = at_once.at(31);
  for (int64_t i = 0; i < 31; ++i)
    EXPECT_EQ(forward.at(i), at_once.at(i));
  EXPECT_EQ(forward.at(31), late);
}

}  // namespace
}  // namespace nelumbo
