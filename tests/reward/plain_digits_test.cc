// SPDX-License-Identifier: Apache-2.0
#include "reward/plain_digits.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(PlainDigits, HaveNoSignsForFractions) {
  EXPECT_EQ(with_plain_digits("½"), "1/2");
  EXPECT_EQ(with_plain_digits("2¾ h"), "2 3/4 h");
  EXPECT_EQ(with_plain_digits("3⁄8"), "3/8");
  EXPECT_EQ(with_plain_digits("−⅓"), "-1/3");
}

TEST(PlainDigits, HaveTheMinusOfKeyboards) {
  EXPECT_EQ(with_plain_digits("−5 and –2.5"), "-5 and -2.5");
  for (const char* text : {"\u20105", "\u20115", "\u20125", "\uFE635", "minus 5", "Negative 5"})
    EXPECT_EQ(with_plain_digits(text), "-5") << text;
  EXPECT_EQ(with_plain_minus("minus $5"), "-$5");
  for (const char* text :
       {"a well-known 7", "minus", "minus x", "negatives 5", "5 minus 3", "minus"})
    EXPECT_EQ(with_plain_digits(text), text) << text;
}

TEST(PlainDigits, HaveNoBlanksBetweenThousands) {
  for (const char* text : {"1 000 000", "1\u00A0000\u00A0000", "1\u2009000\u2009000",
                           "1\u202F000\u202F000", "1000000"})
    EXPECT_EQ(with_plain_digits(text), "1000000") << text;
  EXPECT_EQ(with_plain_digits("$12 345.60 in 2 000 days"), "$12345.60 in 2000 days");
  EXPECT_EQ(with_plain_digits("−1 234 567 %"), "-1234567 %");
}

TEST(PlainDigits, KeepBlanksThatMayMeanSomethingElse) {
  for (const char* text :
       {"1 1/2", "2 100/300", "1500 100", "1 00", "1 0000", "0 500", "3.5 100", "100 200 30",
        "12 345 6", "1 000,5", "5, 100", "x 100", "1 000\u2009000", " 100", "", "1  000"})
    EXPECT_EQ(with_plain_digits(text), text) << text;
}

TEST(PlainPercent, IsOneWordBehindANumber) {
  EXPECT_EQ(with_plain_percent("15 per cent"), "15 percent");
  EXPECT_EQ(with_plain_percent("15per cent of 20 per cent."), "15percent of 20 percent.");
  for (const char* text : {"5 candies per cent", "15 per cents", "per cent", " per cent", "15", ""})
    EXPECT_EQ(with_plain_percent(text), text) << text;
}

}  // namespace
}  // namespace nelumbo
