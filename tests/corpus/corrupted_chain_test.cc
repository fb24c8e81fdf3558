// SPDX-License-Identifier: Apache-2.0
#include "corpus/corrupted_chain.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/small_graph.h"

namespace nelumbo {
namespace {

/// Made once: sampling from so small a graph takes many tries.
const std::vector<MultiHopItem>& some_items() {
  static const std::vector<MultiHopItem> items = [] {
    const KnowledgeGraph graph(small_relations());
    return make_multi_hop(graph, weights_by_scarcity(graph),
                          {.count = 10, .seed = 3, .most_hops = 4});
  }();
  return items;
}

TEST(CorruptedChain, SoundLinesAreTheGoldPathsAndTheOthersAreNot) {
  const auto& items = some_items();
  ASSERT_FALSE(items.empty());
  int64_t wrong = 0, lines = 0;
  for (const MultiHopItem& item : items)
    for (uint64_t seed = 0; seed < 20; ++seed) {
      Random random(seed, Purpose::kData);
      const auto chain = corrupted_chain(item, items, random);
      ASSERT_TRUE(chain.has_value());
      const std::vector<std::string> gold = chain_of(item).recall;
      ASSERT_EQ(chain->chain.recall.size(), gold.size());
      ASSERT_EQ(chain->sound.size(), gold.size());
      for (size_t i = 0; i < gold.size(); ++i) {
        const std::string& line = chain->chain.recall[i];
        EXPECT_TRUE(read_edge(line).has_value()) << line;
        EXPECT_EQ(chain->sound[i] == 1, line == gold[i]);
        if (chain->sound[i] == 0) {
          EXPECT_EQ(std::ranges::count(gold, line), 0) << line;
        }
        wrong += chain->sound[i] == 0 ? 1 : 0;
        ++lines;
      }
      EXPECT_NE(std::ranges::count(chain->sound, 0), 0);
    }
  EXPECT_GT(wrong, lines / 3);
  EXPECT_LT(wrong, 3 * lines / 4);
}

TEST(CorruptedChain, IsAPureFunctionOfItsRandomNumbers) {
  const auto& items = some_items();
  Random one(5, Purpose::kData), two(5, Purpose::kData);
  EXPECT_EQ(corrupted_chain(items[0], items, one)->chain.recall,
            corrupted_chain(items[0], items, two)->chain.recall);
}

TEST(CorruptedChain, IsNoneWhereThereIsNothingToPutIn) {
  MultiHopItem item = small_item();
  item.choices = {item.answer()};
  Random random(1, Purpose::kData);
  EXPECT_FALSE(corrupted_chain(item, std::vector{item}, random).has_value());
}

TEST(WronglyAnswered, EndsAtAnotherChoice) {
  const MultiHopItem item = small_item();
  std::set<std::string> ends;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed, Purpose::kData);
    const auto wrong = wrongly_answered(item, random);
    ASSERT_TRUE(wrong.has_value());
    EXPECT_NE(wrong->answer(), item.answer());
    EXPECT_NE(std::ranges::find(item.choices, wrong->answer()), item.choices.end());
    ends.insert(wrong->answer());
  }
  EXPECT_EQ(ends.size(), item.choices.size() - 1);
}

TEST(WronglyAnswered, NeedsAnotherChoice) {
  MultiHopItem item = small_item();
  item.choices = {item.answer()};
  Random random(1, Purpose::kData);
  EXPECT_FALSE(wrongly_answered(item, random).has_value());
}

}  // namespace
}  // namespace nelumbo
