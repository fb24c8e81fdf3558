// SPDX-License-Identifier: Apache-2.0
#include "reward/lookalikes.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Lookalikes, BecomeTheLettersThatPeopleSee) {
  EXPECT_EQ(with_latin_letters("r\u0435d"), "red") << "Cyrillic e";
  EXPECT_EQ(with_latin_letters("\u0412"), "B") << "Cyrillic ve";
  EXPECT_EQ(with_latin_letters("\u0391 \u039F\u03A1"), "A OP") << "Greek";
  EXPECT_EQ(with_latin_letters("\uFF22 \uFF57"), "B w") << "wide";
  EXPECT_EQ(with_latin_letters("\U0001D401 \U0001D6A3 \U0001D5EE"), "B z a") << "mathematical";
}

TEST(Lookalikes, LeaveTheRestAsItIs) {
  for (const char* text : {"", "red", "é ß 白 β ж", "5 µg"})
    EXPECT_EQ(with_latin_letters(text), text);
}

TEST(Lookalikes, AreNarrowWhereTheyAreWide) {
  EXPECT_EQ(with_narrow_forms("\uFF17\uFF12\uFF05\u3000\uFF22 白"), "72% B 白");
  EXPECT_EQ(with_narrow_forms("plain"), "plain");
}

TEST(Lookalikes, AreReadWithoutWhatNobodySees) {
  EXPECT_EQ(without_hidden("r\u200Be\u00ADd"), "red");
  EXPECT_EQ(without_hidden("red 白"), "red 白");
}

TEST(Lookalikes, AreOfTwoScripts) {
  EXPECT_TRUE(has_greek_or_cyrillic("TNF-α"));
  EXPECT_TRUE(has_greek_or_cyrillic("ж"));
  for (const char* text : {"", "red", "é", "白", "5 µg"})
    EXPECT_FALSE(has_greek_or_cyrillic(text)) << text;
}

}  // namespace
}  // namespace nelumbo
