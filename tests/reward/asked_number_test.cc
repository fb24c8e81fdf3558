// SPDX-License-Identifier: Apache-2.0
#include "reward/asked_number.h"

#include <utility>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

constexpr const char* kClips =
    "Natalia sold clips to 48 of her friends. How many clips did Natalia sell?";

double face(std::string_view answer) {
  const auto read = worded_quantity(answer);
  return read ? read->face.to_double() : -1;
}

TEST(AskedNumber, HasWordsBehindIt) {
  for (const char* text :
       {"72", "72 clips", "$72", "72 dollars", "72 clips in total.", "72.00", "72 red hair clips",
        "**72 clips**", "72 \\text{ clips}", "72 kg", "72 kg of flour"})
    EXPECT_EQ(face(text), 72) << text;
  EXPECT_EQ(face("2 1/2 hours of work"), 2.5);
}

TEST(AskedNumber, IsNoneWhereAWordChangesIt) {
  for (const char* text :
       {"72 or 71", "71, 72 clips", "72 thousand", "72 dozen clips", "72 to 80 clips", "not 72",
        "about 72 clips", "clips", "", "72 clips and 3", "8*9 clips", "72 a b c d e f",
        "72 clips or so", "72clips"})
    EXPECT_EQ(face(text), -1) << text;
}

TEST(AskedNumber, SaysWhatTheQuestionNames) {
  for (const char* text : {"72", "72 clips", "72 Clip", "72 clips in total", "72 friends"})
    EXPECT_EQ(unasked_word(text, kClips), "") << text;
  EXPECT_EQ(unasked_word("7.2e1 clips", kClips), "");
  EXPECT_EQ(unasked_word("7.2 x 10^1 clips", kClips), "");
  EXPECT_EQ(unasked_word("72 kg", kClips), "kg");
  EXPECT_EQ(unasked_word("72kg", kClips), "kg");
  EXPECT_EQ(unasked_word("72 clips per hour", kClips), "hour");
  EXPECT_EQ(unasked_word("5 °C", kClips), "°");
  EXPECT_EQ(unasked_word("72 seconds", "What are Ann's clips?"), "seconds");
}

TEST(AskedNumber, CountsThingsByAnyName) {
  for (const char* text : {"72 guests", "72 people", "72 hair pins", "72 Customers", "72 women"})
    EXPECT_EQ(unasked_word(text, "How many clips in her hair?"), "") << text;
  for (const auto& [text, word] :
       {std::pair("72 times", "times"), std::pair("72 pairs", "pairs"),
        std::pair("72 hours", "hours"), std::pair("72 miles", "miles"),
        std::pair("72 dollars", "dollars"), std::pair("72 nickels", "nickels"),
        std::pair("72 decades", "decades"), std::pair("72 gallons", "gallons"),
        std::pair("72 percents", "percents"), std::pair("$72 guests", "$"),
        std::pair("72 guest", "guest"), std::pair("72 useful", "useful"),
        std::pair("72 less", "less"), std::pair("72 guests per hour", "hour"),
        std::pair("72 degrees", "degrees"), std::pair("72 furlongs", "furlongs"),
        std::pair("72 boxes of clips", "boxes")})
    EXPECT_EQ(unasked_word(text, "How many clips?"), word) << text;
  for (const char* text : {"2 thirds", "7 tenths", "3 dozens", "72 lakhs", "72 crores of clips",
                           "5 quadrillions", "3 gross", "72 millionths", "72 negatives"})
    EXPECT_EQ(face(text), -1) << text;
  EXPECT_EQ(unasked_word("72 boxes", "How many boxes?"), "");
}

TEST(AskedNumber, KnowsFormsOfAUnit) {
  EXPECT_EQ(unasked_word("5 kg", "How many kilograms?"), "");
  EXPECT_EQ(unasked_word("5 g", "How many kilograms?"), "g");
  EXPECT_EQ(unasked_word("5 hrs", "How many hours?"), "");
  EXPECT_EQ(unasked_word("5 mph", "How many miles did it run each hour?"), "");
  EXPECT_EQ(unasked_word("5 years", "How old is she?"), "");
}

TEST(AskedNumber, TakesInForNoInch) {
  EXPECT_EQ(unasked_word("72 inches", "How many clips did she sell in May?"), "inches");
  EXPECT_EQ(unasked_word("72 inches", "How many clips? In May, that is."), "inches");
  EXPECT_EQ(unasked_word("72 in", "How many inches?"), "");
}

TEST(AskedNumber, KnowsMoneyByAPrice) {
  EXPECT_EQ(unasked_word("$72", "What do they cost?"), "");
  EXPECT_EQ(unasked_word("72 dollars", "It was $5. What is left?"), "");
  EXPECT_EQ(unasked_word("$72", kClips), "") << "who sells is paid";
  EXPECT_EQ(unasked_word("$72", "How many birds are there?"), "$");
}

TEST(AskedNumber, TakesNoOtherCurrencyAndNoOtherPartOfAYear) {
  EXPECT_EQ(unasked_word("72 cents", "How many dollars did she pay?"), "cents");
  EXPECT_EQ(unasked_word("72 euros", "It costs $5. What did she pay?"), "euros");
  EXPECT_EQ(unasked_word("72 cents", "What did she pay?"), "cents");
  EXPECT_EQ(unasked_word("72 cents", "How many cents did she pay?"), "");
  EXPECT_EQ(unasked_word("5 months", "How old is she?"), "months");
}

TEST(AskedNumber, KnowsPercent) {
  EXPECT_TRUE(names_percent("What percentage is it?"));
  EXPECT_TRUE(names_percent("It fell by 5%."));
  EXPECT_FALSE(names_percent(kClips));
}

}  // namespace
}  // namespace nelumbo
