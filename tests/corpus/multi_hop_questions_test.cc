// SPDX-License-Identifier: Apache-2.0
#include "corpus/multi_hop_questions.h"

#include <algorithm>
#include <utility>

#include <gtest/gtest.h>

#include "corpus/chain_checks.h"
#include "tests/support/small_graph.h"

namespace nelumbo {
namespace {

TEST(MultiHopQuestions, AskWithChoicesAndLeadToTheAnswer) {
  const MultiHopItem item = small_item();
  const TextQuestion question = multi_hop_question(item);
  EXPECT_EQ(question.id, item.id);
  EXPECT_EQ(question.task, "multihop");
  EXPECT_EQ(question.text,
            item.question + "\nA) late betosis\nB) early betosis\nC) winter gammosis");
  EXPECT_EQ(question.answer, " early betosis");
  EXPECT_EQ(question.truth,
            (nlohmann::json{{"answer", "early betosis"},
                            {"choices", {"late betosis", "early betosis", "winter gammosis"}},
                            {"path",
                             {"pale skin alphosis | gene | AAA1", "AAA1 | band | 1p11",
                              "1p11 | band of | BBB1", "BBB1 | gene of | early betosis"}}}));
  ASSERT_TRUE(question.chain);
  EXPECT_TRUE(check_chain(question.chain->text(), evidence_of(item), item.answer()).empty());
}

TEST(MultiHopQuestions, NotesHoldTheFactsOfBothItemsInAnotherOrder) {
  const MultiHopItem item = small_item();
  MultiHopItem other = item;
  other.id = "other";
  other.path[0].name = "grey skin alphosis";
  const auto asked = [&](uint64_t seed) {
    Random random(seed, Purpose::kData);
    return reading_question(item, other, random);
  };
  const TextQuestion question = asked(5);
  EXPECT_EQ(question.id, "reading/" + item.id);
  EXPECT_TRUE(question.text.starts_with("Notes:\n ")) << question.text;
  EXPECT_TRUE(question.text.ends_with("\n" + multi_hop_question(item).text)) << question.text;
  for (const MultiHopItem* one : {&item, &std::as_const(other)})
    for (const std::string& fact : chain_of(*one).recall)
      EXPECT_NE(question.text.find("\n " + fact + "\n"), std::string::npos) << fact;
  EXPECT_EQ(question.truth, multi_hop_question(item).truth);
  EXPECT_EQ(asked(5).text, question.text);
  EXPECT_NE(asked(6).text, question.text);
}

TEST(MultiHopQuestions, DealingPutsTheRightChoiceAtEachPlaceAsOften) {
  std::vector<int> at(3);
  Random random(1, Purpose::kData);
  for (int i = 0; i < 3000; ++i) {
    const MultiHopItem item = dealt_choices(small_item(), random);
    const auto right = std::find(item.choices.begin(), item.choices.end(), item.answer());
    ++at[static_cast<size_t>(right - item.choices.begin())];
  }
  for (const int count : at)
    EXPECT_NEAR(count, 1000, 130);  // five standard deviations
}

TEST(MultiHopQuestions, ShufflingMovesTheRightChoice) {
  const MultiHopItem item = small_item(), shuffled = shuffled_choices(item, 5);
  EXPECT_EQ(shuffled.id, item.id + "/shuffled");
  EXPECT_NE(shuffled.choices[1], "early betosis");
  EXPECT_TRUE(
      std::is_permutation(shuffled.choices.begin(), shuffled.choices.end(), item.choices.begin()));
  EXPECT_EQ(multi_hop_question(shuffled).answer, multi_hop_question(item).answer);
  EXPECT_EQ(shuffled_choices(item, 5), shuffled);
}

}  // namespace
}  // namespace nelumbo
