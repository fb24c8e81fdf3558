// SPDX-License-Identifier: Apache-2.0
#include "reward/stated_answer.h"

#include <string>

#include <gtest/gtest.h>

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
  for (const char* text :
       {"The best treatment is B", "This is B", "The cell is B", "So the most likely cause is B",
        "I think this drug is B", "B is the most likely diagnosis.", "Most likely diagnosis: B",
        "B is the best next step in management", "Best next step: B",
        "The most likely cause of it in this patient is B"})
    EXPECT_EQ(described_choice(text), "B") << text;
  EXPECT_EQ(described_choice("The drug is not B"), "not B");
  for (const char* text :
       {"B", "The wrong drug is B", "The least likely cause is B", "The drug to avoid is B",
        "A drug is B", "The drug isn't B", "The one, I say, is B", "If the drug is B", "",
        "Least likely diagnosis: B", "B is the least likely cause", "Other cause: B",
        "B is the most likely diagnosis to exclude", "Best avoided: B",
        "B is the most likely cause of the other sign"})
    EXPECT_FALSE(described_choice(text)) << text;
}

TEST(StatedAnswers, FollowAnOverall) {
  for (const char* text : {"Overall, 72", "In conclusion, 72", "In summary, the answer is 72"})
    EXPECT_EQ(stated_answer(text), "72") << text;
  EXPECT_FALSE(stated_answer("Overall 72"));
  EXPECT_EQ(stated_choice("In conclusion, B"), "B");
  EXPECT_TRUE(stated_choice("The answer is B. " + std::string(600, 'x'))) << "sentences may follow";
}

}  // namespace
}  // namespace nelumbo
