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

TEST(StatedAnswers, AreOptionsWhereChoicesAreAskedFor) {
  for (const char* text :
       {"Option B", "The answer is option B", "The correct choice is B", "I choose B",
        "I would pick B", "I\u2019d go with option B", "I'll go with B", "I'm going with B",
        "My pick is B", "My selection: B", "Ans: B", "Answer - B", "It's B", "It is option B"})
    EXPECT_EQ(stated_choice(text), "B") << text;
  EXPECT_EQ(stated_answer("The answer is option 2"), "option 2") << "which is no number";
}

TEST(StatedAnswers, AreNumbersWithoutTheirMarks) {
  for (const char* text :
       {"72", "The answer is 72", "The answer is **72**", "**Final answer: 72**", "#### 72", "# 72",
        "= 72", "=72", "(72)", "[72]", "(72).", "**(72)**", "The answer is (72)",
        "#### The answer is \\boxed{72}", "Answer: \\(72\\)", "[ 72 ]"})
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

}  // namespace
}  // namespace nelumbo
