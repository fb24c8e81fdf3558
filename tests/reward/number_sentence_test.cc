// SPDX-License-Identifier: Apache-2.0
#include "reward/number_sentence.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(NumberSentences, TellWhatTheQuestionNames) {
  const AskedQuestion asked("Ann bakes pies and plans to sell them. How many pies did she carry?");
  for (const char* text :
       {"Ann baked 12 pies", "She sold 12 pies", "She carried 12 pies", "Pies 12 pies",
        "She planned 12 pies", "So Ann has 12 pies", "In total, she is selling 12 pies"})
    EXPECT_EQ(number_in_sentence(text, asked), "12 pies") << text;
  EXPECT_EQ(number_in_sentence("She sold $12.", asked), "$12.");
}

TEST(NumberSentences, StayWhereTheySayMore) {
  const AskedQuestion asked("Ann bakes half a pie, or about two. How many pies did she not sell?");
  for (const char* text :
       {"She sold about 12 pies", "She sold half 12 pies", "She did not sell 12", "or 12 pies",
        "She ate 12 pies", "She said: 12 pies", "She sold. 12 pies", "Ann's 12 pies", "pies=12",
        "x12 pies", "She wants to sell 12", "pies", "", "She went to 12"})
    EXPECT_EQ(number_in_sentence(text, asked), text);
}

}  // namespace
}  // namespace nelumbo
