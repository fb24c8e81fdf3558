// SPDX-License-Identifier: Apache-2.0
#include "corpus/question_text.h"

#include <gtest/gtest.h>

#include "tests/support/small_graph.h"

namespace nelumbo {
namespace {

TEST(QuestionText, TellsEachHop) {
  const MultiHopItem item = small_item();
  EXPECT_EQ(question_text(std::vector<std::string>{"pale skin alphosis", "", "", ""}, item.hops),
            item.question);
}

TEST(QuestionText, NamesWhatIsShown) {
  const std::vector<Hop> hops{{Relation::kSymptom, true}, {Relation::kAgent, false}};
  EXPECT_EQ(
      question_text(std::vector<std::string>{"fever", "rubella"}, hops),
      "Start at fever. Take a disease with that symptom: rubella, then its cause. What is it?");
}

TEST(QuestionText, ListsChoicesByLetter) {
  EXPECT_EQ(choices_text({"fever", "rash"}), "A) fever\nB) rash");
}

TEST(QuestionText, EveryHopHasItsOwnWord) {
  for (const RelationWords& words : kRelationWords)
    for (const bool inverse : {false, true}) {
      const Hop hop{words.relation, inverse};
      EXPECT_EQ(hop_of(hop_word(hop)), hop);
    }
  EXPECT_FALSE(hop_of("cousin"));
  EXPECT_EQ(relation_of("has_gene"), Relation::kGene);
}

TEST(QuestionText, NamesAreFoundInAnySpelling) {
  EXPECT_TRUE(is_named("Start at eye neoplasms. Take", "Eye Neoplasm"));
  EXPECT_TRUE(is_named("Start at hemolytic anemia.", "Anemia, Hemolytic"));
  EXPECT_TRUE(is_named("Start at Anemia, Hemolytic.", "Anemia, Hemolytic"));
  EXPECT_FALSE(is_named("Start at AAA12.", "AAA1"));
}

TEST(QuestionText, HalfANameGivesItAway) {
  EXPECT_TRUE(is_half_named("Start at Joubert syndrome 5.", "Joubert syndrome 12"));
  EXPECT_FALSE(is_half_named("Start at Joubert syndrome 5.", "Meckel syndrome 5"));
  EXPECT_FALSE(is_half_named("Start at cone dystrophy.", "cone rod dysplasia"));
}

}  // namespace
}  // namespace nelumbo
