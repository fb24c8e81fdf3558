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

using Merges = std::vector<MergeTable::Merge>;

Bpe of_bytes(const Merges& merges = {}) {
  Alphabet alphabet;
  std::iota(alphabet.bytes.begin(), alphabet.bytes.end(), 0);
  return {alphabet, MergeTable(merges)};
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
  const Bpe bpe = of_bytes({{'b', 'c', 300}, {'a', 'b', 301}, {'a', 300, 302}});
  EXPECT_EQ(encoded(bpe, "abc"), (Ids{302}));
  EXPECT_EQ(encoded(bpe, "abd"), (Ids{301, 'd'}));
}

TEST(Bpe, JoinsTheLeftmostOfEqualNeighbours) {
  const Bpe bpe = of_bytes({{'a', 'a', 300}});
  EXPECT_EQ(encoded(bpe, "aaa"), (Ids{300, 'a'}));
  EXPECT_EQ(encoded(bpe, "aaaa"), (Ids{300, 300}));
}

TEST(Bpe, TakesAWholeWordBeforeAnyMerge) {
  Bpe bpe = of_bytes({{'a', 'b', 300}});
  bpe.add_whole_word("abc", 400);
  EXPECT_EQ(encoded(bpe, "abc"), (Ids{400}));
  EXPECT_EQ(encoded(bpe, "abcd"), (Ids{300, 'c', 'd'}));
}

TEST(Bpe, LeavesOutBytesThatHaveNoTokenOrWritesTheUnknown) {
  Alphabet alphabet;
  alphabet.bytes.fill(-1);
  alphabet.bytes['a'] = 1;
  EXPECT_EQ(encoded({alphabet, MergeTable()}, "xaxxa"), (Ids{1, 1}));
  alphabet.unknown = 0;
  EXPECT_EQ(encoded({alphabet, MergeTable()}, "xaxxa"), (Ids{0, 1, 0, 0, 1}));
  alphabet.fuse_unknown = true;
  EXPECT_EQ(encoded({alphabet, MergeTable()}, "xaxxa"), (Ids{0, 1, 0, 1}));
}

TEST(Bpe, SpellsCharactersBytesAndTheUnknown) {
  Alphabet alphabet;
  alphabet.bytes.fill(-1);
  alphabet.bytes[0xC3] = 1;
  alphabet.bytes[0xA9] = 2;
  alphabet.characters = {{U'a', 3}, {U'漢', 4}};
  const MergeTable merges({{3, 4, 5}});
  EXPECT_EQ(encoded(Bpe(alphabet, merges), "xa漢éy"), (Ids{5, 1, 2}));
  alphabet.unknown = 0;
  EXPECT_EQ(encoded(Bpe(alphabet, merges), "xya漢y"), (Ids{0, 0, 5, 0}));
  alphabet.fuse_unknown = true;
  EXPECT_EQ(encoded(Bpe(alphabet, merges), "xya漢y"), (Ids{0, 5, 0}));
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
  for (int round = 0; round < 100; ++round) {
    Merges table;
    std::vector<std::array<int32_t, 3>> merges;
    Ids tokens{'a', 'b', 'c'};
    for (int k = 0; k < 12; ++k) {
      const std::array<int32_t, 3> merge{tokens[random.below(std::ssize(tokens))],
                                         tokens[random.below(std::ssize(tokens))], 300 + k};
      const bool is_new = std::none_of(merges.begin(), merges.end(), [&](const auto& other) {
        return other[0] == merge[0] && other[1] == merge[1];
      });
      if (!is_new)
        continue;
      table.push_back({merge[0], merge[1], merge[2]});
      merges.push_back(merge);
      tokens.push_back(merge[2]);
    }
    std::string word;
    for (int64_t n = random.below(120); n > 0; --n)
      word += static_cast<char>('a' + random.below(3));
    EXPECT_EQ(encoded(of_bytes(table), word), by_definition(merges, word)) << word;
  }
}

TEST(Bpe, EndsSoonOnALongWord) {
  const Bpe bpe = of_bytes({{'a', 'a', 300}, {300, 300, 301}});
  EXPECT_EQ(encoded(bpe, std::string(400'000, 'a')).size(), 100'000U);
}

}  // namespace
}  // namespace nelumbo
