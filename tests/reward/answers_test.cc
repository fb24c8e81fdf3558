// SPDX-License-Identifier: Apache-2.0
#include "reward/answers.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Answers, AreComparedWithoutCaseBlanksAndClosingMarks) {
  EXPECT_EQ(normalized("  White \n Cell. "), "white cell");
  EXPECT_EQ(normalized("\"red\"!"), "red");
  EXPECT_EQ(normalized(" ... "), "");
}

TEST(Answers, AreNumbersOnlyAsAWhole) {
  EXPECT_EQ(number_of("3"), 3);
  EXPECT_EQ(number_of(" -1.5."), -1.5);
  EXPECT_EQ(number_of("+2"), 2);
  EXPECT_EQ(number_of("3/4"), 0.75);
  EXPECT_EQ(number_of("45 %"), 0.45);
  EXPECT_EQ(number_of("1,234,567.5"), 1234567.5);
  EXPECT_EQ(number_of("-123,456"), -123456);
  EXPECT_EQ(number_of("−1 234 567.5"), -1234567.5);
  for (const char* no : {"", "three", "3 cells", "1,23", "12345,678", "1234,567", "1 000 2", "3/0",
                         "nan", "1e999", "0x3", "72?", "72？", "5=5"})
    EXPECT_FALSE(number_of(no).has_value()) << no;
}

TEST(Answers, AreExactNumbersToo) {
  EXPECT_EQ(exact_number_of("-9,007,199,254,740,993"), Rational(-9007199254740993));
  EXPECT_EQ(exact_number_of("1/3"), Rational::of(1, 3));
  EXPECT_EQ(exact_number_of("+2.50 %"), Rational::of(1, 40));
  EXPECT_EQ(exact_number_of("1.5E3"), Rational(1500));
  EXPECT_EQ(exact_number_of("-1,500 x 10^-2"), Rational(-15));
  EXPECT_EQ(number_of("1e-10"), 1e-10);
  EXPECT_EQ(exact_number_of("0.1" + std::string(60, '0') + "7"), Rational::of(1, 10));
  for (const std::string& no :
       {std::string("three"), std::string("1/0"), std::string("1/1e3"), std::string("1e345"),
        std::string("1e"), std::string("e3"), std::string("1 e3"), std::string("-"),
        "0.1" + std::string(60, '0') + "x", std::string(39, '9')})
    EXPECT_FALSE(exact_number_of(no).has_value()) << no;
}

TEST(Answers, HaveWordsOnlyAsWholeWords) {
  EXPECT_TRUE(has_words("A Red cell, not white.", "red"));
  EXPECT_TRUE(has_words("stop taking\nit", "stop  taking"));
  EXPECT_FALSE(has_words("sacred", "red"));
  EXPECT_FALSE(has_words("redder", "red"));
  EXPECT_TRUE(has_words("redder red", "red"));
  EXPECT_FALSE(has_words("anything", ""));
}

TEST(Answers, HaveWordsBesideSignsAndBlanksOfAnyKind) {
  for (const char* text :
       {"“fever”", "the\u00a0fever", "•fever", "cough–fever", "cough—fever, no more", "…fever",
        "_fever_", "__Fever__ today", "‘fever’", "«fever»", "fever。", "fever、cough", "fever°",
        "→fever", "a\u2009fever\u202fof"})
    EXPECT_TRUE(has_words(text, "fever")) << text;
  for (const char* text :
       {"fevers", "éfever", "feverß", "feverя", "fever٣", "afever_", "发fever", "fever\u00adish"})
    EXPECT_FALSE(has_words(text, "fever")) << text;
  EXPECT_TRUE(has_words("“In conclusion”, no.", "in conclusion"));
  EXPECT_TRUE(has_words("In\u00a0conclusion: no.", "in conclusion"));
  EXPECT_FALSE(has_words("“Begin conclusion”", "in conclusion"));
  EXPECT_TRUE(has_words("die “ärzte”", "ärzte"));
  EXPECT_FALSE(has_words("hausärzte", "ärzte"));
}

TEST(Answers, AreCutBetweenCharacters) {
  EXPECT_EQ(excerpt("short", 10), "short");
  EXPECT_EQ(excerpt("a\xC3\xA9z", 2), "a...");
  EXPECT_EQ(in_quotes("red"), "'red'");
}

}  // namespace
}  // namespace nelumbo
