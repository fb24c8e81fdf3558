// SPDX-License-Identifier: Apache-2.0
#include "corpus/name_rules.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using Names = std::vector<std::string>;

TEST(NameRules, TakeAbbreviationsAsTheyAreWritten) {
  for (const char* name : {"AIDS", "DIL", "OI1", "mRNA", "WAS", "MCOPS12", "DHEAs"})
    EXPECT_EQ(name_rule(name), NameRule::kAsIs) << name;
}

TEST(NameRules, TakeWordsInAnyCase) {
  for (const char* name : {"Ear", "Sickle Cell Anemia", "SPOAN syndrome", "17q21.31", "DNA-Binding",
                           "Fever", "IMMUNODEFICIENCY"})
    EXPECT_EQ(name_rule(name), NameRule::kAnyCase) << name;
}

TEST(NameRules, NeverTakeFunctionWords) {
  for (const char* name : {"Will", "a", "who", "About"})
    EXPECT_EQ(name_rule(name), NameRule::kNever) << name;
}

TEST(NameRules, NeverTakeEverydayWords) {
  for (const char* name : {"Rest", "Time", "Overall", "Back"})
    EXPECT_EQ(name_rule(name), NameRule::kNever) << name;
  EXPECT_EQ(name_rule("Back Pain"), NameRule::kAnyCase);
}

TEST(NameRules, TakeShortNamesAsTheyAreWritten) {
  EXPECT_EQ(name_rule("Id"), NameRule::kAsIs);
  EXPECT_EQ(name_rule("Qi"), NameRule::kAsIs);
}

TEST(NameRules, TurnHeadings) {
  EXPECT_EQ(name_variants("Anemia, Sickle Cell"),
            (Names{"Sickle Cell Anemia", "Sickle Cell Anemias"}));
  EXPECT_EQ(name_variants("Rhinitis, Allergic, Seasonal"), Names{"Seasonal Allergic Rhinitis"});
  EXPECT_EQ(name_variants("Acids, Peptides, and Physics"), Names{"Acids, Peptides, and Physic"});
}

TEST(NameRules, GuessTheOtherNumber) {
  const std::pair<const char*, const char*> cases[] = {{"Breast Neoplasms", "Breast Neoplasm"},
                                                       {"Biopsies", "Biopsy"},
                                                       {"Biopsy", "Biopsies"},
                                                       {"Abscesses", "Abscess"},
                                                       {"Reflex", "Reflexes"},
                                                       {"Crutches", "Crutch"},
                                                       {"Assay", "Assays"}};
  for (const auto& [name, other] : cases)
    EXPECT_EQ(name_variants(name), Names{other}) << name;
  EXPECT_EQ(name_variants("Ears"), Names{});
  EXPECT_EQ(name_variants("Arthritis"), Names{});
  EXPECT_EQ(name_variants("Interleukin-2"), Names{});
}

TEST(NameRules, GiveAbbreviationsNoVariant) {
  EXPECT_EQ(name_variants("AIDS"), Names{});
}

}  // namespace
}  // namespace nelumbo
