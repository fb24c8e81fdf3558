// SPDX-License-Identifier: Apache-2.0
#include "reward/stated_answer.h"

#include <string>

#include <gtest/gtest.h>

#include "reward/choices.h"

namespace nelumbo {
namespace {

TEST(StatedAnswers, StandInASentenceThatSaysNothingElse) {
  for (const char* text : {"The answer is 72", "Answer: 72", "**Answer:** 72", "answer = 72",
                           "So, the final answer is: 72", "72 is correct.", "72 is the answer",
                           "Ans: 72", "Ans. 72", "ANS 72", "Answer - 72", "Answer — 72", "It is 72",
                           "It's 72", "That\u2019s 72", "So it is 72"})
    EXPECT_EQ(stated_answer(text), "72") << text;
  EXPECT_EQ(stated_answer("Answer -72"), "-72") << "a minus";
  EXPECT_EQ(stated_answer("It is not 72"), "not 72");
  EXPECT_EQ(stated_answer("The answer is not 72"), "not 72");
  for (const char* text : {"72", "", "The wrong answer is 72", "Answer", "Is the answer 72?",
                           "Option 72", "72 is wrong", "If the answer is 72", "I choose 72",
                           "This is 72", "Transit 72", "means: 72", "Answer-72"})
    EXPECT_FALSE(stated_answer(text)) << text;
  EXPECT_FALSE(stated_answer("Answer: " + std::string(500, '7'))) << "too long for a sentence";
}

TEST(StatedAnswers, FollowWordsThatOnlyLeadToThem) {
  for (const char* text :
       {"So 72", "Therefore, 72", "Hence 72", "∴ 72", "=> 72", "→72", "Total: 72",
        "The result is 72", "There are 72", "So there are 72", "A total of 72", "Exactly 72",
        "The answer is 72 is right", "So 72 is the answer", "Thus, it is 72"})
    EXPECT_EQ(stated_answer(text), "72") << text;
  EXPECT_EQ(stated_answer("There are not 72"), "not 72");
  for (const char* text :
       {"Soon 72", "About 72", "Not exactly 72", "totals 72", "He has 72", "72-> 73"})
    EXPECT_FALSE(stated_answer(text)) << text;
}

TEST(StatedAnswers, AreCalledRight) {
  for (const char* text : {"72 is correct.", "72 is right", "72 is the answer", "72 is my choice!"})
    EXPECT_EQ(called_right(text), "72") << text;
  EXPECT_EQ(called_right("So 72 is correct"), "So 72");
  for (const char* text : {"72", "72 is not correct", "72 is correct, or 71", "Is 72 correct?"})
    EXPECT_FALSE(called_right(text)) << text;
}

TEST(StatedAnswers, AreTexts) {
  for (const char* text : {"fever", "The answer is fever", "**Answer:** fever", "\\boxed{fever}",
                           "(fever)", "**fever**", "It is **fever**", "Answer: [fever]"})
    EXPECT_EQ(stated_text(text), "fever") << text;
  EXPECT_EQ(stated_text("The answer is fever?"), "The answer is fever?");
  EXPECT_EQ(stated_text("Not fever"), "Not fever");
}

TEST(StatedAnswers, AreFormulas) {
  EXPECT_EQ(stated_formula("The answer is (1, 2)"), "(1, 2)");
  EXPECT_EQ(stated_formula("**Answer: x=2**"), "x=2");
  for (const char* text : {"(1, 2)", "[0, 1)", "\\boxed{2}", "x=2", "Answer: 2?"})
    EXPECT_EQ(stated_formula(text), text) << text;
}

TEST(StatedAnswers, AreOptionsWhereChoicesAreAskedFor) {
  for (const char* text : {"Option B",
                           "The answer is option B",
                           "The correct choice is B",
                           "I choose B",
                           "I would pick B",
                           "I\u2019d go with option B",
                           "I'll go with B",
                           "I'm going with B",
                           "My pick is B",
                           "So B",
                           "Therefore, B",
                           "### B",
                           "* B",
                           "• B",
                           "Letter B",
                           "My selection: B",
                           "Ans: B",
                           "Answer - B",
                           "It's B",
                           "It is option B"})
    EXPECT_EQ(stated_choice(text), "B") << text;
  EXPECT_EQ(stated_answer("The answer is option 2"), "option 2") << "which is no number";
}

TEST(StatedAnswers, AreNumbersWithoutTheirMarks) {
  for (const char* text :
       {"72", "The answer is 72", "The answer is **72**", "**Final answer: 72**", "#### 72", "# 72",
        "= 72", "=72", "(72)", "[72]", "(72).", "**(72)**", "The answer is (72)",
        "#### The answer is \\boxed{72}", "Answer: \\(72\\)", "[ 72 ]"})
    EXPECT_EQ(stated_number(text), "72") << text;
  for (const char* text :
       {"The solution is 72", "Final: 72", "We find 72", "The final number is 72"})
    EXPECT_EQ(stated_number(text), "72") << text;
  EXPECT_EQ(stated_number("The answer is 72 clips"), "72 clips");
  EXPECT_EQ(stated_number("The answer is 72 or 73"), "72 or 73");
  EXPECT_EQ(stated_number("The answer is 5 = 5"), "5 = 5");
}

TEST(StatedAnswers, StayAsTheyAreWhereMoreIsSaid) {
  for (const char* text : {"5 = 5", "x = 72", "#72", "####### 72", "(72) (clips)", "(72", "72)",
                           "(72]", "((72))", "72 is correct?", "The answer is 72?", "clips"})
    EXPECT_EQ(stated_number(text), text) << text;
  EXPECT_EQ(stated_number(""), "");
}

TEST(StatedAnswers, FollowAnOpinion) {
  for (const char* text :
       {"I think the answer is 72", "I believe it is 72", "I think 72", "I'm sure that it is 72",
        "I am confident the answer is 72", "So I think it's 72", "It should be 72", "It must be 72",
        "I think that 72 is correct", "Based on this, it is 72",
        "Given the two sums, I think the answer is 72"})
    EXPECT_EQ(stated_answer(text), "72") << text;
  EXPECT_EQ(stated_answer("I think it might be 72"), "it might be 72");
  for (const char* text : {"I thought it is 72", "I don't think it is 72", "I doubt it is 72",
                           "You think it is 72", "I guess it is 72"})
    EXPECT_FALSE(stated_answer(text)) << text;
  EXPECT_EQ(stated_choice("I would say B"), "B");
  EXPECT_EQ(stated_choice("I'd say it is B"), "B");
}

TEST(StatedAnswers, StandBehindWhatTheyAre) {
  for (const char* text : {"The best treatment is B", "This is B", "The cell is B",
                           "So the most likely cause is B", "I think this drug is B"})
    EXPECT_EQ(described_choice(text), "B") << text;
  EXPECT_EQ(described_choice("The drug is not B"), "not B");
  for (const char* text :
       {"B", "The wrong drug is B", "The least likely cause is B", "The drug to avoid is B",
        "A drug is B", "The drug isn't B", "The one, I say, is B", "If the drug is B", ""})
    EXPECT_FALSE(described_choice(text)) << text;
}

TEST(Replies, StandBeforeAConclusion) {
  EXPECT_TRUE(is_conclusion("Italy has more of it. It may."));
  for (const char* text :
       {"It does not do so.", "The opposite is true.", "Actually it does not do so.", "Not really.",
        "No.", "", "I am not so sure."})
    EXPECT_FALSE(is_conclusion(text)) << text;
}

ChoiceList replies() {
  ChoiceNaming naming;
  naming.letters = false;
  return ChoiceList(NameList({"yes", "no", "maybe"}), {}, naming);
}

const ChoiceList& organs() {
  static const ChoiceList list(NameList({"A", "B", "C"}),
                               NameList({"Kidney", "Bladder", "B cell"}));
  return list;
}

TEST(Replies, NameAChoiceByTheirEcho) {
  const ChoiceList words = replies();
  for (const char* answer : {"Yes, it does.", "yes it is", "Yes. They do", "**Yes, they are.**"})
    EXPECT_EQ(words.named_in(answer), "yes") << answer;
  for (const char* answer :
       {"No, it does not.", "No, they aren't", "No, it can\u2019t.", "no it isn't"})
    EXPECT_EQ(words.named_in(answer), "no") << answer;
  for (const char* answer : {"Yes, it does not.", "No, it does.", "Yes, it may.", "Maybe, it does",
                             "Yes, it does?", "Yes, it does or does not", "Yes, it does, no"})
    EXPECT_EQ(words.named_in(answer), std::nullopt) << answer;
  for (const char* answer : {"Yes, aspirin reduces mortality.", "Yes. Aspirin reduces mortality"})
    EXPECT_EQ(words.named_in(answer), "yes") << answer;
  for (const char* answer : {"No, aspirin does not reduce mortality.", "No, it has no effect."})
    EXPECT_EQ(words.named_in(answer), "no") << answer;
  for (const char* answer :
       {"Yes, aspirin does not reduce mortality", "No, aspirin reduces mortality",
        "Yes, aspirin may reduce mortality", "Yes, in some cases only", "Yes, the opposite is true",
        "Yes, because the opposite is true", "Yes, the answer is no"})
    EXPECT_EQ(words.named_in(answer), std::nullopt) << answer;
  EXPECT_EQ(organs().named_in("Yes, it does."), std::nullopt);
}

TEST(Replies, NameAChoiceBesideSentences) {
  const ChoiceList words = replies();
  for (const char* answer :
       {"Yes. Both lower susceptibility and lower rates may be associated with it.",
        "Yes. No difference was seen. It reduces mortality in all.", "Final decision: yes"})
    EXPECT_EQ(words.named_in(answer), "yes") << answer;
  EXPECT_EQ(words.named_in("Maybe. More trials of it are needed."), "maybe");
  EXPECT_EQ(words.named_in("No. No significant difference was seen in both."), "no");
  for (const char* answer :
       {"Yes. It does not.", "Yes. It is unclear.", "Yes. We conclude that the answer is no.",
        "Yes. Both of them reduce it. It does not.", "Yes. No.", "Yes. The answer is no.",
        "Yes. The final decision is no.", "Yes. The opposite is true.", "Yes. That is wrong.",
        "Yes. So no.", "Yes. I choose no.", "Yes. Not really.", "Yes. I take that back.",
        "Yes. False.", "Maybe, it does", "Yes. Both of them reduce it. Final decision: no.",
        "Yes. Both of them reduce it. Wrong."})
    EXPECT_EQ(words.named_in(answer), std::nullopt) << answer;
  EXPECT_EQ(organs().named_in("The answer is therefore B."), "B");
}

}  // namespace
}  // namespace nelumbo
