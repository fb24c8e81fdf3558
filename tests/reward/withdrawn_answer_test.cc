// SPDX-License-Identifier: Apache-2.0
#include "reward/withdrawn_answer.h"

#include <gtest/gtest.h>

#include "reward/quantity.h"
#include "reward/stated_answer.h"

namespace nelumbo {
namespace {

/// What is offered behind the answer 72; empty: nothing.
std::string offered(std::string_view behind) {
  return offered_instead(behind,
                         [](std::string_view text) {
                           const auto read = quantity_of(stated_number(text));
                           return read && read->value != Rational(72);
                         })
      .value_or("");
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
  for (const char* behind : {"The answer is 71.", "I looked again, so the answer is 71",
                             "My final answer: 71", "That follows.\n#### 71", "**Answer:** 71",
                             "The correct answer should be 71", "I think the answer is 71."})
    EXPECT_EQ(offered(behind).substr(0, 2), "71") << behind;
}

TEST(WithdrawnAnswers, AreTakenBackForNothing) {
  for (const char* behind : {"That's wrong.", "No, that is not correct", "Wait. I made a mistake!"})
    EXPECT_NE(offered(behind), "") << behind;
  for (const char* behind : {"That's wrong. No, it is 72.", "Is that wrong? No.", "24 is wrong.",
                             "To say 71 is wrong.", "I think it is 71."})
    EXPECT_EQ(offered(behind), "") << behind;
}

TEST(WithdrawnAnswers, AreReplacedByOneWordThatIsAnother) {
  const auto is_yes = [](std::string_view text) { return text.starts_with("Yes"); };
  EXPECT_EQ(offered_instead(" Yes.", is_yes), "Yes.");
  EXPECT_EQ(offered_instead(" It is so. Yes.", is_yes), std::nullopt);
  EXPECT_EQ(offered_instead(" Yes, of the left side.", is_yes), std::nullopt);
}

TEST(WithdrawnAnswers, StandWhereTheyAreExplainedOrRepeated) {
  for (const char* behind :
       {"", " ", "48 + 24 = 72", "48 in April, 24 in May.", "Wait, 48 + 24 is 72", "24.",
        "The answer is 72.", "No wait, 72", "It is 24 in May", "The answer is 71?", "Or 71?",
        "The answer is not 71", "Actually, I am sure.", "No. 24 would be wrong, as she sold more",
        "So 24 is what she sold in May", "Is it 71? No, it is 72."})
    EXPECT_EQ(offered(behind), "") << behind;
}

}  // namespace
}  // namespace nelumbo
