// SPDX-License-Identifier: Apache-2.0
#include "reward/prose.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(WordPieces, AreCharactersWhereNoBlanksPartWords) {
  EXPECT_EQ(word_pieces("Take 白细胞, now"),
            (std::vector<std::string>{"take", "白", "细", "胞", "now"}));
  EXPECT_EQ(word_pieces(std::string(33, 'a')).size(), 33u);
}

TEST(LanguageShare, TellsScriptsApart) {
  EXPECT_EQ(language_share("Привет, мир", "ru"), 1);
  EXPECT_EQ(language_share("Привет, мир", "en"), 0);
  EXPECT_EQ(language_share("白细胞增多", "zh"), 1);
  EXPECT_EQ(language_share("12 + 3", "en"), 1);
}

TEST(LanguageShare, TellsLatinLanguagesApartByCommonWords) {
  const char* german = "Der Patient hat Fieber und die Lunge ist nicht frei";
  EXPECT_EQ(language_share(german, "de"), 1);
  EXPECT_EQ(language_share(german, "en"), 0);
  EXPECT_EQ(language_share("Pneumonia", "en"), 1);
}

TEST(LanguageShare, IsTheShareOfTheLetters) {
  EXPECT_DOUBLE_EQ(language_share("ab白细", "en"), 0.5);
}

TEST(RepeatedShare, CountsWordsInRepeatedRuns) {
  EXPECT_EQ(repeated_share("a b c d e f", 2), 0);
  // The second "a b" of six words.
  EXPECT_DOUBLE_EQ(repeated_share("a b c a b d", 2), 2.0 / 6);
  // All but the first run of two.
  EXPECT_DOUBLE_EQ(repeated_share("x x x x x x x x", 2), 7.0 / 8);
  EXPECT_EQ(repeated_share("", 3), 0);
}

TEST(RepeatedShare, NeedsNoBlanks) {
  EXPECT_DOUBLE_EQ(repeated_share("好好好好好好好好", 2), 7.0 / 8);
  EXPECT_EQ(repeated_share("今日の天気は晴れ", 2), 0);
  std::string endless;
  for (int i = 0; i < 20; ++i)
    endless += "ok";
  EXPECT_DOUBLE_EQ(repeated_share(endless, 2), 38.0 / 40);
}

}  // namespace
}  // namespace nelumbo
