// SPDX-License-Identifier: Apache-2.0
#include "reward/units.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Units, KnowTheirBase) {
  const auto cm = unit_named("cm").value();
  EXPECT_EQ(cm.factor, Rational::of(1, 100).value());
  EXPECT_EQ(cm.base, "m");
  // 1 L = 1/1000 m^3
  EXPECT_EQ(unit_named("L")->exponent, 3);
  EXPECT_EQ(unit_named("L")->factor, Rational::of(1, 1000).value());
  EXPECT_EQ(unit_named("cents")->base, unit_named("$")->base);
}

TEST(Units, TellShortNamesByTheirCase) {
  EXPECT_TRUE(unit_named("Hours"));
  EXPECT_TRUE(unit_named("mg"));
  EXPECT_FALSE(unit_named("MG"));
  EXPECT_FALSE(unit_named("clips"));
  EXPECT_FALSE(unit_named(""));
  EXPECT_FALSE(unit_named("cm m"));
}

TEST(Units, AgreeAcrossSystems) {
  // 12 inches are a foot, 16 ounces a pound.
  EXPECT_EQ(product(unit_named("inch")->factor, Rational(12)), unit_named("ft")->factor);
  EXPECT_EQ(product(unit_named("oz")->factor, Rational(16)), unit_named("lb")->factor);
}

TEST(Units, MeasureVolumes) {
  const Rational cup = unit_named("cup")->factor;
  EXPECT_EQ(unit_named("Gallons")->exponent, 3);
  EXPECT_EQ(unit_named("gal")->factor, product(unit_named("qt")->factor, Rational(4)));
  EXPECT_EQ(unit_named("quart")->factor, product(unit_named("pints")->factor, Rational(2)));
  EXPECT_EQ(unit_named("pint")->factor, product(cup, Rational(2)));
  EXPECT_EQ(cup, product(unit_named("tbsp")->factor, Rational(16)));
  EXPECT_EQ(unit_named("tablespoons")->factor, product(unit_named("tsp")->factor, Rational(3)));
  // 231 cubic inches
  const auto cubic_inch = power(unit_named("inch")->factor, 3);
  EXPECT_EQ(unit_named("gallon")->factor, product(*cubic_inch, Rational(231)));
  for (const char* word : {"quarter", "pt", "cupboard", "c"})  // points, and more
    EXPECT_FALSE(unit_named(word)) << word;
}

}  // namespace
}  // namespace nelumbo
