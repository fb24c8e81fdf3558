// SPDX-License-Identifier: Apache-2.0
#include "reward/finding_context.h"

#include <string>

#include <gtest/gtest.h>

#include "reward/negation.h"

namespace nelumbo {
namespace {

void expect_open(const std::string& text) {
  const Assertions found = assertions_of("fever", text);
  EXPECT_EQ(found.affirmed, 0) << text;
  EXPECT_EQ(found.denied, 0) << text;
  EXPECT_EQ(found.open, 1) << text;
}

void expect_affirmed(const std::string& text) {
  EXPECT_EQ(assertions_of("fever", text).affirmed, 1) << text;
}

TEST(FindingContext, KnowsWhoHasIt) {
  for (const char* text :
       {"Family history of fever", "family history: fever", "FHx: rash, fever",
        "Family history of rash, cough and fever.", "His mother had fever", "Her father has fever.",
        "The patient's mother had cough and fever", "his brother also had fever",
        "fever in his mother", "Fever runs in the family", "Her sister's fever was high",
        "his mother recently had fever", "His mother and father had fever", "Sister has fever",
        "Her husband had cough, rash and fever"})
    expect_open(text);
  for (const char* text :
       {"His mother reports fever", "No cough and his mother reports fever.",
        "Her mother says that she has had fever.", "His mother has noticed fever",
        "Rh- mother with fever", "The mother had fever",
        "His mother had him tested, fever is there", "He lives with his mother and has fever",
        "His mother is well; fever since Monday", "family history of rash. Fever since Monday",
        "Family history of rash, fever of 39", "Family history of rash but fever today",
        "Your mother has fever", "Mother had fever"})
    expect_affirmed(text);
}

TEST(FindingContext, KnowsWhatMayCome) {
  for (const char* text :
       {"Return if fever develops.", "return if cough or fever develops", "Call if: fever, cough",
        "Come back if he has fever", "Return for fever, rash or pain", "Should fever develop, call",
        "In case of fever take paracetamol", "risk of fever", "at risk for rash and fever",
        "watch for fever", "Monitor for fever", "fever prophylaxis", "yellow fever vaccine given",
        "vaccinated against yellow fever", "paracetamol as needed for fever",
        "It is unclear whether he has fever", "Return with fever or rash",
        "if cough with fever occurs", "If fever occurs, call."})
    expect_open(text);
  for (const char* text :
       {"If there is no rash, the fever suggests influenza.", "If untreated, fever persists",
        "If it hurts, treat the fever", "Fever; return if rash develops", "fever at risk of sepsis",
        "Fever, watch for rash", "He should treat the fever", "Risk of sepsis because of fever",
        "risk of sepsis with fever", "fever test for flu",
        "Return if rash develops. Fever is high"})
    expect_affirmed(text);
}

TEST(FindingContext, KnowsDoubt) {
  for (const char* text : {"possible fever",
                           "Possibly viral fever",
                           "questionable fever",
                           "suspected fever",
                           "fever?",
                           "Fever (?)",
                           "fever?, cough",
                           "fever or cough?",
                           "Fever is possible.",
                           "fever suspected",
                           "possibility of fever",
                           "It is possible that he has fever",
                           "suspicion of fever",
                           "Maybe fever",
                           "fever (possible), rash",
                           "It could be fever.",
                           "may have fever",
                           "Fever could not be excluded.",
                           "Fever can't be ruled out",
                           "cannot exclude fever",
                           "fever is not ruled out",
                           "This did not rule out fever.",
                           "Fever vs. chills",
                           "chills versus fever",
                           "The differential diagnosis includes rash, fever",
                           "DDx: fever",
                           "fever is less likely",
                           "Fever is in the differential."})
    expect_open(text);
  for (const char* text :
       {"Fever; rash was not excluded.", "Fever, and a rash could not be ruled out.",
        "Fever. Rash is less likely.", "The fever may be viral", "Fever? Yes.", "Q: fever? A: yes",
        "Fever? No cough.", "A possible cause of fever", "possible flu with fever",
        "Fever is suspected to be viral", "Possible flu, fever is high", "Why? Fever.",
        "fever may subside", "fever, what should I do?"})
    expect_affirmed(text);
  EXPECT_EQ(assertions_of("fever", "Fever? None.").denied, 1);
  EXPECT_EQ(assertions_of("fever", "No possible fever").denied, 1);
  EXPECT_EQ(assertions_of("fever", "No family history of fever").denied, 1);
}

}  // namespace
}  // namespace nelumbo
