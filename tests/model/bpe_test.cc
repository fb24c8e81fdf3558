// SPDX-License-Identifier: Apache-2.0
#include "model/bpe.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace nelumbo {
namespace {

using Ids = std::vector<int32_t>;

Bpe of_bytes() {
  std::array<int32_t, 256> ids{};
  std::iota(ids.begin(), ids.end(), 0);
  return Bpe(ids);
}

Ids encoded(const Bpe& bpe, const std::string& word) {
  Ids ids;
  bpe.encode(word, ids);
  return ids;
}

TEST(Bpe, WithoutMergesGivesBytes) {
  EXPECT_EQ(encoded(of_bytes(), "a\xFF"), (Ids{'a', 255}));
  EXPECT_EQ(encoded(of_bytes(), ""), Ids{});
}

TEST(Bpe, DoesTheEarliestMergeFirstWhereverItStands) {
  Bpe bpe = of_bytes();
  ASSERT_TRUE(bpe.add_merge('b', 'c', 300));
  ASSERT_TRUE(bpe.add_merge('a', 'b', 301));
  ASSERT_TRUE(bpe.add_merge('a', 300, 302));
  EXPECT_EQ(encoded(bpe, "abc"), (Ids{302}));
  EXPECT_EQ(encoded(bpe, "abd"), (Ids{301, 'd'}));
}

TEST(Bpe, JoinsTheLeftmostOfEqualNeighbours) {
  Bpe bpe = of_bytes();
  ASSERT_TRUE(bpe.add_merge('a', 'a', 300));
  EXPECT_EQ(encoded(bpe, "aaa"), (Ids{300, 'a'}));
  EXPECT_EQ(encoded(bpe, "aaaa"), (Ids{300, 300}));
}

TEST(Bpe, RefusesASecondMergeOfAPair) {
  Bpe bpe = of_bytes();
  EXPECT_TRUE(bpe.add_merge('a', 'b', 300));
  EXPECT_FALSE(bpe.add_merge('a', 'b', 301));
}

TEST(Bpe, TakesAWholeWordBeforeAnyMerge) {
  Bpe bpe = of_bytes();
  ASSERT_TRUE(bpe.add_merge('a', 'b', 300));
  bpe.add_whole_word("abc", 400);
  EXPECT_EQ(encoded(bpe, "abc"), (Ids{400}));
  EXPECT_EQ(encoded(bpe, "abcd"), (Ids{300, 'c', 'd'}));
}

/// The definition, step by step.
Ids by_definition(const std::vector<std::array<int32_t, 3>>& merges, const std::string& word) {
  Ids ids(word.begin(), word.end());
  for (;;) {
    const auto applies = [&](const std::array<int32_t, 3>& merge) {
      return std::search(ids.begin(), ids.end(), merge.begin(), merge.begin() + 2);
    };
    const auto merge = std::find_if(merges.begin(), merges.end(),
                                    [&](const auto& m) { return applies(m) != ids.end(); });
    if (merge == merges.end())
      return ids;
    const auto at = applies(*merge);
    *at = (*merge)[2];
    ids.erase(at + 1);
  }
}

TEST(Bpe, EqualsItsDefinitionOnRandomMergesAndWords) {
  Random random(7, Purpose::kControl);
  for (int round = 0; round < 50; ++round) {
    Bpe bpe = of_bytes();
    std::vector<std::array<int32_t, 3>> merges;
    Ids tokens{'a', 'b', 'c'};
    for (int k = 0; k < 12; ++k) {
      const std::array<int32_t, 3> merge{tokens[random.below(std::ssize(tokens))],
                                         tokens[random.below(std::ssize(tokens))], 300 + k};
      if (bpe.add_merge(merge[0], merge[1], merge[2])) {
        merges.push_back(merge);
        tokens.push_back(merge[2]);
      }
    }
    std::string word;
    for (int64_t n = random.below(40); n > 0; --n)
      word += static_cast<char>('a' + random.below(3));
    EXPECT_EQ(encoded(bpe, word), by_definition(merges, word)) << word;
  }
}

TEST(Bpe, EndsSoonOnALongWord) {
  Bpe bpe = of_bytes();
  ASSERT_TRUE(bpe.add_merge('a', 'a', 300));
  ASSERT_TRUE(bpe.add_merge(300, 300, 301));
  EXPECT_EQ(encoded(bpe, std::string(400'000, 'a')).size(), 100'000U);
}

}  // namespace
}  // namespace nelumbo
