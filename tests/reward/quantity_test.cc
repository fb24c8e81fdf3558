// SPDX-License-Identifier: Apache-2.0
#include "reward/quantity.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

Rational fraction(int64_t above, int64_t below) {
  return Rational::of(above, below).value();
}

TEST(QuantityText, IsANumberWithAUnit) {
  const auto length = quantity_of("5 ft 10 in").value();
  EXPECT_EQ(length.value, fraction(1778, 1000));
  EXPECT_FALSE(length.face) << "feet and inches are not added as they are written";
  EXPECT_EQ(length.unit, "<m>");
  EXPECT_EQ(quantity_of("$1,234.50")->value, fraction(12345, 10));
  EXPECT_EQ(quantity_of("1 1/2 hours")->value, Rational(5400));
  EXPECT_EQ(quantity_of("60 miles per hour")->unit, "<m>/<s>");
  EXPECT_EQ(quantity_of("0 kg")->unit, "<g>");
}

TEST(QuantityText, ReadsTemperatures) {
  for (const char* text :
       {"38 °C", "38 degrees Celsius", "38 Celsius", "38℃", "38 ° C", "38 ºC", "100.4 °F", "100.4℉",
        "100.4 degrees Fahrenheit", "100.4 degrees F", "38 degrees C", "311.15 kelvin"}) {
    const auto read = quantity_of(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(read->value, Rational(38)) << text;
    EXPECT_EQ(read->unit, "<celsius>") << text;
  }
  EXPECT_EQ(quantity_of("100.4 °F")->face, fraction(1004, 10));
  EXPECT_EQ(quantity_of("0 °F")->value, fraction(-160, 9));
  EXPECT_EQ(quantity_of("-40 °F")->value, Rational(-40));
  EXPECT_EQ(quantity_of("30 degrees")->unit, "<degree>");
}

TEST(QuantityText, KeepsPercentAsBoth) {
  const auto half = quantity_of("50 %").value();
  EXPECT_EQ(half.value, fraction(1, 2));
  EXPECT_EQ(half.face, Rational(50));
  EXPECT_TRUE(half.percent);
}

TEST(QuantityText, KeepsEveryDigitOrIsNone) {
  EXPECT_EQ(quantity_of("9,007,199,254,740,993")->value, Rational(9007199254740993));
  EXPECT_EQ(quantity_of("9007199254740993 m")->value, Rational(9007199254740993));
  EXPECT_FALSE(quantity_of(std::string(40, '7')));
  EXPECT_EQ(quantity_of("0." + std::string(60, '0'))->value, Rational(0)) << "cut off";
}

TEST(QuantityText, IsWrittenAndNotComputed) {
  for (const char* text : {"4 $100", "4$100", "100 $4", "1,000 per 2", "4 per 4", "3 hours per 3",
                           "3 hours / 3", "$4 100 cents", "\\frac{6 hours}{2}", "5 km km", "3*6",
                           "2+5", "3^2", "x", "72 clips", "", "1,2", "5 to 7", "about 5"})
    EXPECT_FALSE(quantity_of(text)) << text;
}

TEST(QuantityText, StandsBeforeItsUnit) {
  for (const char* text : {"in 35 miles", "mile 35 miles", "hour 0", "minutes 0", "kg", "kg 5"})
    EXPECT_FALSE(quantity_of(text)) << text;
  for (const char* text : {"$35", "35$", "$35 per hour", "35 dollars per hour", "-$35", "€35"})
    EXPECT_EQ(quantity_of(text).value_or(Quantity{}).face, Rational(text[0] == '-' ? -35 : 35))
        << text;
}

TEST(QuantityText, HasSeveralNumbersInSmallerUnitsOfOneKind) {
  EXPECT_EQ(quantity_of("2 hours 30 minutes")->value, Rational(9000));
  EXPECT_EQ(quantity_of("1 hour 90 minutes")->value, Rational(9000));
  EXPECT_EQ(quantity_of("1 h 1 min 1 s")->value, Rational(3661));
  for (const char* text : {"3 dollars 50 cents", "3 m 50 cm", "3 l 500 ml"})
    EXPECT_TRUE(quantity_of(text)) << text;
  EXPECT_EQ(quantity_of("3 dollars 50 cents").value_or(Quantity{}).value, fraction(7, 2));
  for (const char* text : {"90 minutes 5 minutes", "30 miles 6 miles", "5 in 10 ft", "5 kg 3 m",
                           "2 years 3 days", "5 ft 10", "30 min 1 h 5 s"})
    EXPECT_FALSE(quantity_of(text)) << text;
}

TEST(QuantityText, KeepsFractionsAndUnitsUnderALine) {
  for (const char* text : {"1/2 mile per hour", "\\frac{1}{2} mile per hour", "1/2 mile / hour",
                           "\\frac12 \\frac{mile}{hour}"})
    EXPECT_EQ(quantity_of(text).value_or(Quantity{}).face, fraction(1, 2)) << text;
  EXPECT_EQ(quantity_of("2 \\frac{1}{2} hours")->value, Rational(9000));
  EXPECT_EQ(quantity_of("{5}")->value, Rational(5));
  EXPECT_EQ(quantity_of("5^{\\circ}")->unit, "<degree>");
  EXPECT_EQ(quantity_of("9 m s^2").has_value(), false);
}

}  // namespace
}  // namespace nelumbo
