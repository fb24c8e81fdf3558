// SPDX-License-Identifier: Apache-2.0
#include "reward/counted_things.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(CountedThings, StandInThePlural) {
  for (const char* word : {"guests", "Clips", "people", "mice"})
    EXPECT_TRUE(is_count_noun(word)) << word;
  for (const char* word : {"guest", "glass", "bus", "hours", "dollars", "times", "boxes", ""})
    EXPECT_FALSE(is_count_noun(word)) << word;
}

TEST(CountedThings, AreSetApartWhereTheyStandBesideEachOther) {
  const auto apart = [](const char* word, const char* question) {
    return is_set_apart(word, pieces_of(question), {"boy"});
  };
  for (const char* question :
       {"15 boys and 12 girls", "as many girls as boys", "The boys are more than the girls",
        "boys or girls", "24 boys and some of the girls"})
    EXPECT_TRUE(apart("girls", question)) << question;
  for (const char* question : {"15 boys and 12 pupils", "The girls meet 12 boys", "boys. 12 girls",
                               "12 boys, girls", "boys such as girls", "girls", "", "boys girls"})
    EXPECT_FALSE(apart("girls", question)) << question;
  EXPECT_FALSE(apart("boys", "boys and girls"));
  for (const char* question : {"8 are girls", "Of 20 pupils, 8 of them were girls."})
    EXPECT_TRUE(apart("girls", question)) << question;
  for (const char* question :
       {"How many of the 20 are girls?", "They are girls", "12. They are girls"})
    EXPECT_FALSE(apart("girls", question)) << question;
}

TEST(CountedThings, AreNotWhatHoldsThem) {
  EXPECT_TRUE(is_container("Bags"));
  EXPECT_FALSE(is_container("clips"));
  EXPECT_FALSE(is_count_noun("bags"));
}

TEST(CountedThings, MayBeParts) {
  for (const char* word : {"thirds", "third", "twelfths", "Hundredths"})
    EXPECT_TRUE(is_part(word)) << word;
  for (const char* word : {"fifth", "months", "moths", ""})
    EXPECT_FALSE(is_part(word)) << word;
}

TEST(CountedThings, HaveRegularPlurals) {
  for (const auto& [one, many] :
       {std::pair("neutrophil", "neutrophils"), std::pair("basal body", "basal bodies"),
        std::pair("biopsy", "biopsies"), std::pair("X-ray", "X-rays"),
        std::pair("branch", "branches"), std::pair("reflex", "reflexes")})
    EXPECT_EQ(plural_of(one), many);
  EXPECT_EQ(with_plurals({"A", "WBC"}), (std::vector<std::string>{"A", "WBC", "WBCs"}));
}

TEST(CountedThings, HaveTheirNumberInWords) {
  EXPECT_EQ(number_word("zero"), 0);
  EXPECT_EQ(number_word("Twenty"), 20);
  EXPECT_FALSE(number_word("thirty"));
}

TEST(CountedThings, AreNotAmounts) {
  for (const char* word : {"seven", "Some", "another", "fifty", "few"})
    EXPECT_TRUE(is_amount_word(word)) << word;
  for (const char* word : {"clips", "to", "May", "72", ""})
    EXPECT_FALSE(is_amount_word(word)) << word;
}

}  // namespace
}  // namespace nelumbo
