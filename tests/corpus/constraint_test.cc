// SPDX-License-Identifier: Apache-2.0
#include "corpus/constraint.h"

#include <string>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

bool kept(const std::string& rule, const std::string& answer) {
  const Result<bool> result = meets(rule, answer);
  EXPECT_TRUE(result.ok()) << rule;
  return result.ok() && result.value();
}

TEST(Constraint, CountsWordsBetweenBlanksAndCommas) {
  EXPECT_TRUE(kept("words 3", " red,white  blue\n"));
  EXPECT_FALSE(kept("words 3", "red white"));
  EXPECT_FALSE(kept("words 3", "red white blue cell"));
}

TEST(Constraint, LooksAtEitherEnd) {
  EXPECT_TRUE(kept("first red", "RED cell"));
  EXPECT_FALSE(kept("first red", "redder cell"));
  EXPECT_TRUE(kept("last cell", "red, Cell"));
  EXPECT_FALSE(kept("last cell", "cell red"));
}

TEST(Constraint, KnowsWholeWordsOnly) {
  EXPECT_TRUE(kept("has red", "a Red cell"));
  EXPECT_FALSE(kept("has red", "reddish"));
  EXPECT_TRUE(kept("not red", "reddish"));
  EXPECT_FALSE(kept("not red", "pale, red"));
}

TEST(Constraint, PartsWordsByAllThatIsNoLetter) {
  for (const char* answer : {"blood red.", "(red)", "\"red\"", "*red*", "red-cell", "r\u200bed",
                             "r\u00aded", "blood\u00a0red", "red\u2019"}) {
    EXPECT_FALSE(kept("not red", answer)) << answer;
    EXPECT_TRUE(kept("has red", answer)) << answer;
  }
  EXPECT_TRUE(kept("last red", "cell red."));
  EXPECT_TRUE(kept("first red", "**Red** cell"));
  EXPECT_TRUE(kept("times red 2", "red and red."));
  EXPECT_TRUE(kept("words 3", "it isn't red!"));
  EXPECT_FALSE(kept("words 1", "one\u00a0two"));
  EXPECT_TRUE(kept("has \u00e9tat", "\u00c9TAT"));
}

TEST(Constraint, CountsOneWordExactly) {
  EXPECT_TRUE(kept("times red 2", "red Red white"));
  EXPECT_FALSE(kept("times red 2", "red white"));
  EXPECT_FALSE(kept("times red 2", "red red red"));
}

TEST(Constraint, TellsCapitals) {
  EXPECT_TRUE(kept("upper", "RED 2"));
  EXPECT_FALSE(kept("upper", "RED Cell"));
  EXPECT_TRUE(kept("lower", "red 2"));
  EXPECT_FALSE(kept("lower", "red Cell"));
}

TEST(Constraint, WantsACommaInEveryGap) {
  EXPECT_TRUE(kept("commas", "red, white ,blue"));
  EXPECT_FALSE(kept("commas", "red, white blue"));
}

TEST(Constraint, AnEmptyAnswerKeepsNothing) {
  for (const char* rule : {"not red", "upper", "lower", "commas", "words 1", "first red"})
    for (const char* answer : {"", " , "})
      EXPECT_FALSE(kept(rule, answer)) << rule;
}

TEST(Constraint, QuotesWhatIsNoRule) {
  for (const char* rule :
       {"", "words", "words many", "words 0", "words -1", "words −1", "times red -1", "first",
        "first red cell", "times 2", "times red", "times red x", "upper red", "rhymes"}) {
    const Result<bool> result = meets(rule, "red");
    ASSERT_FALSE(result.ok()) << rule;
    EXPECT_EQ(result.error().code, Errc::kBadData);
    EXPECT_NE(result.error().message.find("'" + std::string(rule) + "'"), std::string::npos);
  }
}

}  // namespace
}  // namespace nelumbo
