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

}  // namespace
}  // namespace nelumbo
