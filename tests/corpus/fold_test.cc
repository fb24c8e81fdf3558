// SPDX-License-Identifier: Apache-2.0
#include "corpus/fold.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Fold, LowersLettersAndKeepsPlaces) {
  EXPECT_EQ(folded("Type 2\tDiabetes\r\n(T2D)"), "type 2 diabetes  (t2d)");
  EXPECT_EQ(folded("Ménière ÉTÉ"), "ménière été");
  EXPECT_EQ(folded("ΑΒΟΠΣΩ αβοπσω"), "αβοπσω αβοπσω");
}

TEST(Fold, MakesOnePunctuationOfSignsOutsideAscii) {
  const std::string two(2, kFoldedPunctuation), three(3, kFoldedPunctuation);
  EXPECT_EQ(folded("a\u2013b\u2009c"), "a" + three + "b" + three + "c");
  EXPECT_EQ(folded("5\u00D73\u00B1\u00A0"), "5" + two + "3" + two + two);
  EXPECT_EQ(folded("\u2265\u2192\u3001"), three + three + three);
}

TEST(Fold, KeepsLettersAndDigitsOutsideAscii) {
  for (const char* text : {"\u00B5g", "h\u2082o", "\u6C34", "\u00DF", "\u03BC", "\U0001F9EC"})
    EXPECT_EQ(folded(text), text);
}

TEST(Fold, LeavesWhatIsNotUtf8) {
  for (const char* text : {"\xFF", "a\xC3", "\xE2\x80", "\xE2\x41\x41", "\x80\x80"})
    EXPECT_EQ(folded(text).size(), std::string(text).size());
  EXPECT_EQ(folded("\xC3"), "\xC3");
}

TEST(Fold, SeparatesWordsFromTheRest) {
  EXPECT_TRUE(is_boundary(' ', 'a'));
  EXPECT_TRUE(is_boundary('a', '-'));
  EXPECT_TRUE(is_boundary('(', ')'));
  EXPECT_TRUE(is_boundary('a', kFoldedPunctuation));
  EXPECT_FALSE(is_boundary('a', '2'));
  EXPECT_FALSE(is_boundary('a', '\xC3'));
}

}  // namespace
}  // namespace nelumbo
