// SPDX-License-Identifier: Apache-2.0
#include "reward/quantity.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(QuantityText, IsANumberWithAUnit) {
  const auto length = quantity_of("5 ft 10 in").value();
  EXPECT_NEAR(length.value, 1.778, 1e-12);
  EXPECT_EQ(length.face, 15);
  EXPECT_EQ(length.unit, "<m>");
  EXPECT_EQ(quantity_of("$1,234.50")->value, 1234.5);
  EXPECT_DOUBLE_EQ(quantity_of("1 1/2 hours")->value, 5400);
  EXPECT_EQ(quantity_of("60 miles per hour")->unit, "<m>/<s>");
}

TEST(QuantityText, ReadsTemperatures) {
  for (const char* text :
       {"37.5 °C", "37.5 degrees Celsius", "37.5 Celsius", "37.5℃", "37.5 ° C"}) {
    const auto read = quantity_of(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(read->value, 37.5) << text;
    EXPECT_EQ(read->unit, "<celsius>") << text;
  }
  EXPECT_EQ(quantity_of("98.6 °F")->unit, "<fahrenheit>");
  EXPECT_EQ(quantity_of("30 degrees")->unit, "<degree>");
}

TEST(QuantityText, KeepsPercentAsBoth) {
  const auto half = quantity_of("50 %").value();
  EXPECT_EQ(half.value, 0.5);
  EXPECT_EQ(half.face, 50);
  EXPECT_TRUE(half.percent);
}

TEST(QuantityText, IsWrittenAndNotComputed) {
  for (const char* text :
       {"5 km km", "3*6", "2+5", "3^2", "x", "72 clips", "", "1,2", "5 to 7", "about 5"})
    EXPECT_FALSE(quantity_of(text)) << text;
}

}  // namespace
}  // namespace nelumbo
