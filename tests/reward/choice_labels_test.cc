// SPDX-License-Identifier: Apache-2.0
#include "reward/choice_labels.h"

#include <string>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

std::string parts(std::string_view text) {
  const auto found = labelled(text);
  return found ? std::string(found->label) + "|" + std::string(found->rest) : "";
}

TEST(ChoiceLabels, PartALetterFromItsText) {
  for (const char* text : {"B) Bladder", "(B) Bladder", "[B] Bladder", "**B.** Bladder",
                           "B: Bladder", "B - Bladder", "Bladder (B)", "Bladder (option B)",
                           "Bladder (B).", "Bladder, option B", "Bladder, option B."})
    EXPECT_EQ(parts(text), "B|Bladder") << text;
  EXPECT_EQ(parts("B -5"), "B|-5");
  for (const char* text : {"Bladder", "B", "B)", "", "Bladder, B"})
    EXPECT_EQ(parts(text), "") << text;
}

TEST(ChoiceLabels, StandBeforeMarksThatSayNothing) {
  for (const char* text : {"(B)", "(B).", "(B)!", "(B) \u2713", "(B)\u2026"})
    EXPECT_EQ(without_end_marks(text), "(B)") << text;
  EXPECT_EQ(without_end_marks("**B**."), "**B**");
  for (const char* text : {"", ".", "B.", "B?", "(B)?", "B \u2717"})
    EXPECT_EQ(without_end_marks(text), text) << text;
}

TEST(ChoiceLabels, StandAloneInBrackets) {
  for (const char* text : {"B", "(B)", "[B]", "B)"})
    EXPECT_EQ(bare_letter(text), "B") << text;
  EXPECT_EQ(bare_letter("Bladder"), "Bladder");
  EXPECT_EQ(without_brackets("( Bladder )"), "Bladder");
  EXPECT_EQ(without_brackets("(Bladder"), "(Bladder");
}

}  // namespace
}  // namespace nelumbo
