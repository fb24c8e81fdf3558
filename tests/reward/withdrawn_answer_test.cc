// SPDX-License-Identifier: Apache-2.0
#include "reward/withdrawn_answer.h"

#include <gtest/gtest.h>

#include "reward/quantity.h"
#include "reward/stated_answer.h"

namespace nelumbo {
namespace {

Claim claim_of(std::string_view text) {
  const auto read = quantity_of(text);
  return !read ? Claim::kNone : read->value == Rational(72) ? Claim::kSame : Claim::kOther;
}

/// What is offered behind the answer 72; empty: nothing.
std::string offered(std::string_view behind) {
  const auto said = [](std::string_view text) { return claim_of(stated_number(text)); };
  return offered_instead(behind, {said, claim_of}).value_or("");
}

TEST(WithdrawnAnswers, AreTakenBack) {
  for (const char* behind :
       {" No wait, 71", "No, 71.", " Wait. 71.", "Actually 71", "Actually, that's wrong, it's 71",
        "Sorry, I made a mistake: it should be 71.", "or 71", "Correction: 71", "Hmm... wait - 71",
        "I meant 71", "Oops!\n71", "(or 71)", "No wait, 71</answer>", "or <b>71</b>",
        "Actually 71<|im_end|>", "That is wrong. 71.", "Hmm, I think it is 71.",
        "Sorry, the right one is 71.", "I change my answer to 71."})
    EXPECT_NE(offered(behind).find("71"), std::string::npos) << behind;
}

TEST(WithdrawnAnswers, AreReplacedByWhatIsCalledTheAnswer) {
  for (const char* behind :
       {"The answer is 71.", "I looked again, so the answer is 71", "My final answer: 71",
        "That follows.\n#### 71", "**Answer:** 71", "The correct answer should be 71",
        "I think the answer is 71.", "**Final answer: 71**", "Final answer: **71**"})
    EXPECT_EQ(offered(behind).substr(0, 2), "71") << behind;
  for (const char* behind :
       {"\\boxed{71}", "We get $\\boxed{71}$ of them.", "\\(\\boxed{71}\\) in all."})
    EXPECT_EQ(offered(behind), "\\boxed{71}") << behind;
}

TEST(WithdrawnAnswers, AreReplacedByWhatIsStatedLast) {
  for (const char* behind : {"71",
                             " 71.",
                             "\n71\n",
                             "**71**",
                             "(71)",
                             ", 71",
                             "71. I looked again.",
                             "So 71.",
                             "so, 71!",
                             "Thus: 71",
                             "And 71",
                             "=> 71",
                             "\u2192 71",
                             "**So, 71.**",
                             "48 and 23, so 71",
                             "71 is correct.",
                             "71 is the answer.",
                             "I looked: 71 is the right answer.",
                             "72. No. 71.",
                             "48 + 24 = 72. So 71.",
                             "the answer 71"})
    EXPECT_EQ(offered(behind).substr(0, 2), "71") << behind;
  for (const char* behind :
       {"So 24. 48 + 24 = 72.", "48\n24\n72", "Half of 48, so 24, and 48 + 24 = 72.", "24.\nSo 72.",
        "1. 48 in April.\n2. 24 in May.", "What is half of 48? 24.", "71 is not correct.", "71?",
        "That 71 is correct is not so.", "So 24 in May.", "\\boxed{72}", "since 48 + 24 = 72",
        "48, 24, 72", "72 is correct.", "48 / 2 = 24", "If 71 is correct, she sold 23."})
    EXPECT_EQ(offered(behind), "") << behind;
}

TEST(WithdrawnAnswers, AreTakenBackForNothing) {
  for (const char* behind : {"That's wrong.", "No, that is not correct", "Wait. I made a mistake!"})
    EXPECT_NE(offered(behind), "") << behind;
  for (const char* behind : {"That's wrong. No, it is 72.", "Is that wrong? No.", "24 is wrong.",
                             "To say 71 is wrong.", "I think it is 71."})
    EXPECT_EQ(offered(behind), "") << behind;
}

TEST(WithdrawnAnswers, StandWhereTheyAreExplainedOrRepeated) {
  for (const char* behind :
       {"", " ", "48 + 24 = 72", "48 in April, 24 in May.", "Wait, 48 + 24 is 72",
        "The answer is 72.", "No wait, 72", "It is 24 in May", "The answer is 71?", "Or 71?",
        "The answer is not 71", "Actually, I am sure.", "No. 24 would be wrong, as she sold more",
        "So 24 is what she sold in May", "Is it 71? No, it is 72."})
    EXPECT_EQ(offered(behind), "") << behind;
}

}  // namespace
}  // namespace nelumbo
