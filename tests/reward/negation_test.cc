// SPDX-License-Identifier: Apache-2.0
#include "reward/negation.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace nelumbo {
namespace {

TEST(Negation, ReachesOverTheClause) {
  EXPECT_EQ(assertions_of("fever", "Denies cough or fever.").denied, 1);
  EXPECT_EQ(assertions_of("fever", "Denies cough. Fever since Monday.").affirmed, 1);
  EXPECT_EQ(assertions_of("effusion", "No pneumonia, but a small effusion").affirmed, 1);
}

TEST(Negation, StandsBehindToo) {
  EXPECT_EQ(assertions_of("pneumonia", "Pneumonia was ruled out.").denied, 1);
  EXPECT_EQ(assertions_of("pneumonia", "Pneumonia cannot be ruled out.").open, 1);
}

TEST(Negation, IsNotWhatOnlyLooksLikeIt) {
  EXPECT_EQ(assertions_of("fracture", "Not only a fracture").affirmed, 1);
  EXPECT_EQ(assertions_of("mass", "No change in the mass").affirmed, 1);
}

TEST(Negation, IsGivenAsAReply) {
  for (const char* text :
       {"Fever: no", "Fever: no, rash: yes", "Fever? No.", "Fever (none), rash", "fever negative",
        "Fever: Not reported.", "fever: absent; cough: present", "Fever: negative and cough"})
    EXPECT_EQ(assertions_of("fever", text).denied, 1) << text;
  for (const char* text : {"Fever, no rash", "Fever: no longer than a day", "Fever: yes, rash: no",
                           "Fever? No cough.", "fever with negative cultures"})
    EXPECT_EQ(assertions_of("fever", text).affirmed, 1) << text;
  EXPECT_EQ(assertions_of("rash", "Fever: no, rash: yes").affirmed, 1);
}

TEST(Negation, IsWhatIsOver) {
  for (const char* text :
       {"Fever subsided", "The fever had subsided.", "The fever finally subsided by Monday",
        "fever disappeared", "Fever gone", "fever all gone", "Fever gone by Monday",
        "Fever resolved on day 3", "fever ceased", "The fever vanished overnight", "fever cleared",
        "fever has settled", "Fever went away", "fever and cough subsided",
        "Fever, cough and rash have subsided.", "-fever, -cough", "ROS: -fever, -rash"})
    EXPECT_EQ(assertions_of("fever", text).denied, 1) << text;
  for (const char* text :
       {"The fever did not subside", "fever never subsided", "the fever has not resolved",
        "fever partially subsided", "fever has almost resolved", "fever is subsiding",
        "fever subsided but returned", "Fever disappeared and then recurred", "fever has gone up",
        "fever gone up", "fever may subside", "He has fever and the cough subsided",
        "cough subsided; fever persists", "Rash subsided with fever",
        "has fever and resolved cough", "He had fever and pneumonia was ruled out",
        "-fever\n-cough", "Fever, resolved cough"})
    EXPECT_EQ(assertions_of("fever", text).affirmed, 1) << text;
}

TEST(Negation, IsWhatWasOverAtSomeTime) {
  for (const char* text : {"Fever resolved yesterday.", "Fever resolved with antibiotics.",
                           "Fever resolved last week.", "Fever resolved this morning",
                           "Fever resolved 2 days ago", "Fever is over.", "Fever stopped."})
    EXPECT_EQ(assertions_of("fever", text).denied, 1) << text;
  EXPECT_EQ(assertions_of("fever", "Rash resolved with fever.").affirmed, 1);
}

TEST(Negation, IsNotWhatFailsToEaseAFinding) {
  for (const char* text :
       {"Paracetamol failed to reduce fever.", "The drug did not relieve the fever",
        "Unable to control fever", "It never treated fever, fever is there",
        "There is no reason to doubt fever.", "no reason to question the fever",
        "It is not false that he has fever", "no cough, fever x3 days", "no cough, fever x 3 days",
        "No cough, fever \u00d73 days"})
    EXPECT_GE(assertions_of("fever", text).affirmed, 1) << text;
  for (const char* text :
       {"failed to show fever", "unable to find fever", "did not have fever", "no reason, no fever",
        "no cough, fever or rash x3 days", "no cough or fever x3 days"})
    EXPECT_EQ(assertions_of("fever", text).denied, 1) << text;
}

TEST(Negation, IsWrittenInNotes) {
  for (const char* text : {"-ve fever", "-ve for fever", "\u2212ve fever", "-ve fever, +ve cough",
                           "Fever - denies", "Fever - denies, cough - reports",
                           "Fever \u2013 denies", "The claim that he has fever is false",
                           "That he has fever is not true.", "It is not true that he has fever"})
    EXPECT_EQ(assertions_of("fever", text).denied, 1) << text;
  for (const char* text : {"+ve fever", "+ve for fever", "-ve cough, +ve fever", "Fever - reports",
                           "Fever - denies cough", "The claim that he has fever is true"})
    EXPECT_EQ(assertions_of("fever", text).affirmed, 1) << text;
}

TEST(Negation, StandsBeforeAList) {
  for (const char* text :
       {"Denies: fever, cough", "Negative for: cough, fever", "Pertinent negatives: cough, fever"})
    EXPECT_EQ(assertions_of("fever", text).denied, 1) << text;
  EXPECT_EQ(assertions_of("fever", "Findings: fever").affirmed, 1);
}

TEST(Negation, IsShortened) {
  EXPECT_EQ(assertions_of("fracture", "A fracture isn't seen").denied, 1);
  EXPECT_EQ(assertions_of("fracture", "We couldn\xE2\x80\x99t find a fracture").denied, 1);
}

TEST(Negation, EndsWhereSomethingNewIsSaid) {
  for (const char* text :
       {"No cough and has fever.", "no cough, has fever", "No, he has fever",
        "The patient does not deny fever.", "not without fever", "no improvement of fever"})
    EXPECT_EQ(assertions_of("fever", text).affirmed, 1) << text;
  for (const char* text : {"fever is denied by the patient", "fever has been excluded",
                           "fever never occurred", "Fever-free.", "w/o fever", "Nobody has fever",
                           "It is false that he has fever", "Denies that he has fever"})
    EXPECT_EQ(assertions_of("fever", text).denied, 1) << text;
}

TEST(Negation, EndsAtAPredicateBehindAComma) {
  EXPECT_EQ(assertions_of("fever", "No rash, fever present").affirmed, 1);
  EXPECT_EQ(assertions_of("rash", "No rash, fever present").denied, 1);
  EXPECT_EQ(assertions_of("fever", "No rash, cough or fever present").denied, 1);
  EXPECT_EQ(assertions_of("fever", "No rash, fever, or cough present").denied, 1);
}

TEST(Negation, ReachesOverManyWordsAndNotOverAll) {
  std::string filling;
  for (int i = 0; i < 20; ++i)
    filling += "of any kind ";
  EXPECT_EQ(assertions_of("fever", "no sign " + filling.substr(0, 96) + "fever").denied, 1);
  EXPECT_EQ(assertions_of("fever", "no sign " + filling + "fever").affirmed, 1);
}

TEST(Negation, CountsEveryOccurrenceInAnyOrderOfWords) {
  const std::vector<std::string> pieces = {
      "no ",   "not ", "is ",    "fever ",     ", ",      ". ",   ": ",
      "(",     ")",    "and ",   "or ",        "when ",   "but ", "non-",
      "-free", "? ",   "isn't ", "ruled out ", "absent ", "has ", "39 "};
  Random random(7, Purpose::kControl, 0, 0);
  for (int i = 0; i < 5000; ++i) {
    std::string text;
    int64_t fevers = 0;
    for (int64_t n = random.below(12); n >= 0; --n) {
      const std::string& piece = pieces[static_cast<size_t>(random.below(std::ssize(pieces)))];
      text += " " + piece;
      fevers += piece == "fever " ? 1 : 0;
    }
    const Assertions found = assertions_of("fever", text);
    EXPECT_EQ(found.affirmed + found.denied + found.open, fevers) << text;
  }
}

TEST(Negation, CountsEachWholeWord) {
  const Assertions found = assertions_of("rash", "Rash. No rash. Rashes.");
  EXPECT_EQ(found.affirmed, 1);
  EXPECT_EQ(found.denied, 1);
  EXPECT_EQ(assertions_of("", "anything").affirmed, 0);
}

}  // namespace
}  // namespace nelumbo
