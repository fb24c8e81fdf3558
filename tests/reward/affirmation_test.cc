// SPDX-License-Identifier: Apache-2.0
#include "reward/affirmation.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Affirmations, SayThatWhatWasNamedIsRightOrExplainsIt) {
  for (const char* text : {"",
                           ".",
                           " is right",
                           " is correct.",
                           " is the answer",
                           " is the best choice here",
                           " is the most likely diagnosis in this patient",
                           " is most likely",
                           " would be correct",
                           " is the organ that stores urine",
                           ", which explains the pain",
                           ", which stores urine",
                           ". It fits best.",
                           ". This is the treatment of choice.",
                           " should be the answer",
                           ". I am sure",
                           " is right, and it fits",
                           ": correct",
                           " - the best answer",
                           ". It is a sac.",
                           " is a hollow organ of the pelvis",
                           " is the sac of muscle in it"})
    EXPECT_TRUE(only_affirms(text)) << text;
}

TEST(Affirmations, AreNoOtherPredicates) {
  for (const char* text : {" is out",
                           ", which I exclude",
                           " is what I would avoid",
                           " is off the table",
                           " is a poor choice",
                           " is a red herring",
                           ", which fails",
                           " is the one I exclude",
                           " is the answer to avoid",
                           " is the organ that fails",
                           " has to go",
                           ". I discard it.",
                           ". That one goes.",
                           ". The examiner would rule it out",
                           " is right and is out",
                           " is right, it is out",
                           " is right, which it is out",
                           ". The sac is out",
                           ". It is a trap.",
                           " is the opposite of it",
                           " is a long shot",
                           " is the first to go",
                           ". It is a sac to avoid.",
                           " is the last of these"})
    EXPECT_FALSE(only_affirms(text, {"sac"})) << text;
}

TEST(Affirmations, LeaveOtherSentencesFreeButNotPartsOfThem) {
  for (const char* text : {". Urine is stored there.", ". The symptoms began at night",
                           ". The sac is right", " (a sac)", " (another name)"})
    EXPECT_TRUE(only_affirms(text, {"sac"})) << text;
  for (const char* text : {"; kidneys", ": out", " - skip it", " - off the table", " (out)",
                           " - the one I exclude", ": too small"})
    EXPECT_FALSE(only_affirms(text, {"sac"})) << text;
}

TEST(Affirmations, OfAnotherAreThoseOfAnySubjectButItsOwn) {
  for (const char* text : {"A is right", "because the opposite is true", ". Theirs is the answer.",
                           "the other fits better", "another option is the best"})
    EXPECT_TRUE(affirms_another(text, {"sac", "B"})) << text;
  for (const char* text : {" is right", ". is right", "because it is true", "the sac is the answer",
                           "B is right", "the right ventricle is small", "it lies right there"})
    EXPECT_FALSE(affirms_another(text, {"sac", "B"})) << text;
}

TEST(Affirmations, KnowStatements) {
  for (const char* text : {"aspirin reduces mortality", "There was no difference.", "it is small",
                           "statins reduce mortality"})
    EXPECT_TRUE(is_statement(text)) << text;
  for (const char* text : {"", "off the table", "in some cases only", "too small", "kidneys"})
    EXPECT_FALSE(is_statement(text)) << text;
}

TEST(Affirmations, KnowNamesAsWholeWords) {
  EXPECT_EQ(begins_with_name("Bladder is", "bladder"), 7u);
  EXPECT_EQ(begins_with_name("bladders", "bladder"), 0u);
  EXPECT_EQ(begins_with_name("B", "B"), 1u);
  EXPECT_EQ(begins_with_name("a bag", "A"), 0u);
  EXPECT_EQ(begins_with_name("", ""), 0u);
}

}  // namespace
}  // namespace nelumbo
