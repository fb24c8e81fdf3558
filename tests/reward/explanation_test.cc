// SPDX-License-Identifier: Apache-2.0
#include "reward/explanation.h"

#include <string>

#include <gtest/gtest.h>

#include "reward/choices.h"

namespace nelumbo {
namespace {

using Kind = ExplanationStart::Kind;

TEST(Explanations, StartBehindANameWithAReason) {
  for (const char* text : {"B because it is safe", "B, since it is safe", "B, as nothing else is",
                           "B as it is safe", "B due to its safety", "B, given that it is safe"}) {
    const auto start = explanation_start(text);
    ASSERT_TRUE(start) << text;
    EXPECT_EQ(start->at, 1u) << text;
    EXPECT_EQ(start->kind, Kind::kReason) << text;
  }
}

TEST(Explanations, StartBehindANameWithAStatement) {
  for (const char* text : {"Sac is safe", "Sac. It is safe", "Sac: safe", "Sac\nIt is",
                           "Sac (safe)", "Sac - a bag", "Sac, which is a bag", "Sac would do"}) {
    const auto start = explanation_start(text);
    ASSERT_TRUE(start) << text;
    EXPECT_EQ(start->at, 3u) << text;
    EXPECT_EQ(start->kind, Kind::kStatement) << text;
  }
  for (const char* text : {"B. Due to it", "B - due to it", "B: because of it"})
    EXPECT_EQ(explanation_start(text)->kind, Kind::kStatement) << text << ", perhaps its text";
  EXPECT_EQ(explanation_start("B. Sac. It is", 2)->at, 6u) << "the next one";
  for (const char* text : {"", "B", "Sac and bag", "because", "Sac or bag", "3.5 mg"})
    EXPECT_FALSE(explanation_start(text)) << text;
}

TEST(Explanations, SayThatANameIsRightOrWhy) {
  for (const char* text : {"", " is the best answer", ", since it does not harm", ". It is safe.",
                           ", because no other drug is", ", since the others are contraindicated",
                           " is right, as it isn't toxic"})
    EXPECT_TRUE(only_explains(text)) << text;
}

TEST(Explanations, DoubtDenyAndOfferNothing) {
  for (const char* text : {" is not the best answer",
                           " isn't it",
                           " isn\u2019t it",
                           ", or the other one",
                           ", but that one is better",
                           ". Wait, it is the other",
                           " is wrong",
                           " might be it",
                           " is safe?",
                           ", maybe",
                           " is eliminated",
                           ". It is ruled out.",
                           " is the worst option",
                           ", since it is safe. It is not right.",
                           " is neither",
                           " is out",
                           ", which is not made",
                           ", because A is right",
                           ", because the opposite is true",
                           ", since it fits. It is out.",
                           "\nReason: This is not the answer.",
                           "\nReason: I have no idea",
                           ", because none of these fit"})
    EXPECT_FALSE(only_explains(text)) << text;
  EXPECT_FALSE(only_explains(", because it is not B", {"B"}));
  EXPECT_TRUE(only_explains(", since none of the others explains it", {"B"}));
  EXPECT_TRUE(only_explains(", because there is no fever", {"no"}));
}

TEST(Explanations, MayDenyAnother) {
  const auto rest = [](const char* text) { return without_denied(text, {"sac", "A"}, {"B"}); };
  for (const char* text :
       {", because A is filtered there and not stored", ", since the sac only leaks",
        " as A is wrong", ", since A and the sac do not leak", " because (A) is no bag"})
    EXPECT_LE(rest(text).size(), 3u) << text;
  for (const char* text :
       {", because A is right", " since the sac leaks", ", because A is never wrong",
        ", since A leaks and the sac does not", ", since A is not only likely but right",
        ", since nothing beats A", ", because A leaks and B does not",
        ", since A is right and B not", ", as A leaks where it does not",
        " since A leaks and not the rest", " because A may not leak", ". A is not wrong",
        ". A is wrong or right", ". The other options are right", ". It is wrong"})
    EXPECT_EQ(rest(text), text);
  EXPECT_EQ(rest(", since it leaks, while A does not. It fits."), ", since it leaks,  It fits.");
}

TEST(Explanations, MayLetOthersStandAsSuch) {
  for (const char* text :
       {". The last option is right.", ", because all the others are also right",
        ". Any other letter would do.", ", since the first choice is better", ". All are right.",
        ", as any of these works", ", because option 1 is right", ". They are all right.",
        ", because the letter before it is right", ", as the answer is the last one",
        ", since the other options cannot be ruled out", ". Every option is right.",
        ", because none of the others is wrong", ", as the second option is the only right one"})
    EXPECT_TRUE(allows_others(text, {"Bladder"})) << text;
  for (const char* text :
       {"", ", because the other options do not fit", ", since none of the other options fits",
        ", because it is the first choice", ", as the first choice is bladder",
        ", since the others are less likely", ", because the other organs store urine",
        ", as it is the last organ that is filled", ", because the others only make urine"})
    EXPECT_FALSE(allows_others(text, {"Bladder"})) << text;
}

TEST(Explanations, KnowWhatIsStatedPlainly) {
  EXPECT_EQ(stated_plainly("aspirin reduces mortality."), true);
  EXPECT_EQ(stated_plainly("aspirin does not reduce mortality"), false);
  for (const char* text :
       {"there was no difference", "there is little evidence of it",
        "the data are of insufficient evidence here", "this study found no effect"})
    EXPECT_EQ(stated_plainly(text), false) << text;
  EXPECT_EQ(stated_plainly("this study found an effect"), true);
  for (const char* text : {"in some cases only", "the opposite is true", "aspirin may reduce it",
                           "aspirin reduces it?", "", "aspirin helps some, but not all"})
    EXPECT_EQ(stated_plainly(text), std::nullopt) << text;
}

TEST(Explanations, HaveLettersThatStandAlone) {
  const auto letters = [](std::string_view text) {
    std::string all;
    for (const std::string_view one : lone_letters(text))
      all += one;
    return all;
  };
  EXPECT_EQ(letters("or (C), d) and E"), "CdE");
  EXPECT_EQ(letters("a bag, the patient's sac, a T\u00e9 and A"), "A");
  EXPECT_EQ(letters(""), "");
}

const ChoiceList& organs() {
  static const ChoiceList list(NameList({"A", "B", "C"}),
                               NameList({"Kidney", "Bladder", "B cell"}));
  return list;
}

TEST(Explanations, StandBehindChoices) {
  for (const char* answer :
       {"B. The patient has a stone.", "B; urine is stored there.",
        "B\n\nExplanation: It is a sac.", "The answer is B. The patient has a stone.",
        "**B**\n\nThe patient has a stone.", "Bladder. The patient has a stone.",
        "B. Bladder is correct. A is incorrect.", "B. Bladder. The other options are wrong.",
        "B. A is wrong.", "B. Kidney and C are incorrect.", "B. A, and C are wrong.",
        "B. Options A and C are incorrect.", "B, because the other options are wrong.",
        "B. Bladder. It is a sac.", "B) Bladder is the sac of muscle in the pelvis.",
        "B. Bladder is correct. A is incorrect because the kidney only makes urine."})
    EXPECT_EQ(organs().named_in(answer), "B") << answer;
  for (const char* answer : {"B. The kidney is correct.",
                             "B. The patient has no stone.",
                             "B. I reject this.",
                             "B. The patient may have a stone.",
                             "B. The next option fits better.",
                             "B. Kidneys, too",
                             "B. It is out.",
                             "B. The answer is A.",
                             "B; A",
                             "B. A is not wrong.",
                             "B. Off the table.",
                             "B. The other options are right.",
                             "B\n\nExplanation: This is not the answer.",
                             "A. Bladder. The patient has a stone.",
                             "B. A and B are incorrect.",
                             "B. A and C are right.",
                             "B\n\nExplanation: the last option is right.",
                             "B. Bladder. The first option is right.",
                             "B, because the next option is right.",
                             "B, because all the others are right",
                             "B. Any other letter would do.",
                             "B. Bladder. It is a trap."})
    EXPECT_FALSE(organs().named_in(answer)) << answer;
  for (const char* answer : {"The answer is B (Bladder).", "B (Bladder)!", "I choose B (Bladder).",
                             "The answer is B - Bladder.", "**B** (Bladder)."})
    EXPECT_EQ(organs().named_in(answer), "B") << answer;
  EXPECT_FALSE(organs().named_in("The answer is A (Bladder)."));
  const ChoiceList orders =
      ChoiceList(NameList({"A", "B"}), NameList({"Give insulin and potassium", "Give glucose"}));
  EXPECT_FALSE(orders.named_in("B. Insulin and potassium are given.")) << "A in other words";
}

TEST(Explanations, SetChoicesApart) {
  for (const char* answer :
       {"B, not A", "B (not A)", "The answer is B, not C", "B rather than A", "Bladder, not kidney",
        "I choose B instead of A", "B \u2713", "B \u2705", "B\u3002", "Bladder, option B",
        "The most likely organ is bladder (B)."})
    EXPECT_EQ(organs().named_in(answer), "B") << answer;
  for (const char* answer : {"B, not B", "not A, not B", "A or B, not C", "B, not that", "B \u2717",
                             "Bladder, option A", "The organ is bladder (A).", "B, not A or C"})
    EXPECT_FALSE(organs().named_in(answer)) << answer;
}

}  // namespace
}  // namespace nelumbo
