// SPDX-License-Identifier: Apache-2.0
#include "reward/choices.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

const ChoiceList& organs() {
  static const ChoiceList list{{"A", "B", "C"}, {"Kidney", "Bladder", "B cell"}};
  return list;
}

TEST(ChoiceLists, AreNamedByLetterTextOrBoth) {
  for (const char* answer : {"B", "b", "(B)", "B)", "B.", "Bladder", "bladder.", "B) Bladder",
                             "(B) bladder", "B: Bladder", "\\boxed{B}", "**B**", "$\\text{B}$"})
    EXPECT_EQ(organs().named_in(answer), "B") << answer;
}

TEST(ChoiceLists, AreNotNamedByWhatContradictsItself) {
  for (const char* answer : {"A) Bladder", "B or C", "B, C", "not B", "Bladder Kidney", "", "D",
                             "(B", "The answer is B", "A B C"})
    EXPECT_FALSE(organs().named_in(answer)) << answer;
}

TEST(ChoiceLists, AreNamedByWhatPeopleSee) {
  EXPECT_EQ(organs().named_in("\u0412"), "B") << "Cyrillic ve";
  EXPECT_EQ(organs().named_in("Bl\u0430dder"), "B") << "Cyrillic a";
  const ChoiceList russian{{"А", "Б", "В"}, {"почка", "печень", "лёгкое"}};
  EXPECT_EQ(russian.named_in("\u0412"), "В");
  EXPECT_FALSE(russian.named_in("B")) << "a letter of another script";
}

TEST(ChoiceLists, AreNotNamedByATextThatTwoShare) {
  EXPECT_FALSE((ChoiceList{{"A", "B"}, {"same", "Same"}}.named_in("same")));
}

TEST(ChoiceLists, HaveAnOptionForEachChoice) {
  const nlohmann::json truth = {{"choices", {"A", "B"}}, {"options", {"x"}}};
  EXPECT_EQ(choice_list(truth, "choices", "options").error().message,
            "truth fields 'choices' and 'options' have 2 and 1 items");
  EXPECT_TRUE(choice_list(truth, "choices", std::nullopt).ok());
}

}  // namespace
}  // namespace nelumbo
