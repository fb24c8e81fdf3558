// SPDX-License-Identifier: Apache-2.0
#include "reward/unit_phrases.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

std::string words(std::string_view text) {
  std::string all;
  for (const Piece& piece : pieces_of(text))
    all += (all.empty() ? "" : "|") + std::string(piece.text);
  return all;
}

/// The phrases, with how many units stand above and below the line.
std::string phrases(std::string_view text) {
  std::string all;
  const auto pieces = pieces_of(text);
  for (const UnitPhrase& phrase : unit_phrases(pieces))
    all += (all.empty() ? "" : ", ") + phrase.written + " " + std::to_string(phrase.above.size()) +
           ":" + std::to_string(phrase.below.size());
  return all;
}

TEST(Pieces, AreWordsNumbersAndSigns) {
  EXPECT_EQ(words("Mr. Bell has $1,234.50, not 2.5e-3."), "Mr|Bell|has|$|1,234.50|,|not|2.5e-3|.");
  EXPECT_EQ(words("Ann's \\frac{1}{2} 5 µg – ½"), "Ann|{|1|}|{|2|}|5|µg|–|½");
  EXPECT_EQ(words("a. B? c"), "a|.|B|?|c");
  EXPECT_EQ(words("5e 5e+ 1,"), "5|e|5|e|+|1|,");
  EXPECT_EQ(words("B12 in m2"), "B12|in|m2");
  EXPECT_EQ(words(""), "");
}

TEST(UnitPhrases, AreAsLongAsTheyCanBe) {
  EXPECT_EQ(phrases("38 miles per hour"), "miles per hour 1:1");
  EXPECT_EQ(phrases("38 miles/hour, $5 a day"), "miles/hour 1:1, $ 1:0, a day 0:1");
  EXPECT_EQ(phrases("2 hours a day"), "hours a day 1:1");
  EXPECT_EQ(phrases("38 mph"), "mph 1:1");
  EXPECT_EQ(phrases("5 square meters and 5 m² and 5 m^{2}"),
            "square meters 1:0, m² 1:0, m^{2} 1:0");
  EXPECT_EQ(phrases("38 °C, 38 degrees Fahrenheit, 38℃, 38 F"),
            "°C 1:0, degrees Fahrenheit 1:0, ℃ 1:0, F 1:0");
  EXPECT_EQ(phrases("10 pages per hour"), "per hour 0:1");
  EXPECT_EQ(phrases("72 clips in May, 5 in², 5 sq in"), "in² 1:0, sq in 1:0");
  EXPECT_EQ(phrases("5 fluid ounces, 5 fl oz, 5 fl. oz, 5 fluid grams"),
            "fluid ounces 1:0, fl oz 1:0, fl.oz 1:0, grams 1:0");
  EXPECT_EQ(phrases("F is a grade; 3/4 per page"), "");
}

TEST(UnitPhrases, HaveTheirPowers) {
  const auto only = [](std::string_view text) {
    const auto pieces = pieces_of(text);
    return unit_phrases(pieces).front().above.front();
  };
  EXPECT_EQ(only("square yards").exponent, 2);
  for (const char* text : {"m³", "m3", "m^3", "m cubed", "cu m"})
    EXPECT_TRUE(is_same_unit(only(text), only("cubic meters"))) << text;
  EXPECT_TRUE(is_same_unit(only("cubic centimeters"), only("ml")));
  EXPECT_TRUE(is_same_unit(only("US$5"), only("US dollars")));
  EXPECT_FALSE(is_same_unit(only("m²"), only("m")));
  EXPECT_FALSE(is_same_unit(only("°C"), only("°F")));
}

}  // namespace
}  // namespace nelumbo
