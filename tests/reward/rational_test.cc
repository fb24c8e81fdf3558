// SPDX-License-Identifier: Apache-2.0
#include "reward/rational.h"

#include <cmath>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

Rational made(int64_t above, int64_t below) {
  return Rational::of(above, below).value();
}

TEST(RationalNumber, IsInLowestTermsWithAPositiveDenominator) {
  EXPECT_EQ(made(6, -4).text(), "-3/2");
  EXPECT_EQ(made(0, -4), Rational(0));
  EXPECT_FALSE(Rational::of(1, 0));
}

TEST(RationalNumber, ReadsDecimalsExactly) {
  EXPECT_EQ(Rational::decimal("0.1").value(), made(1, 10));
  EXPECT_EQ(Rational::decimal(".5").value(), made(1, 2));
  EXPECT_EQ(Rational::decimal("5.").value(), Rational(5));
  EXPECT_FALSE(Rational::decimal("."));
  EXPECT_FALSE(Rational::decimal("1.2.3"));
  EXPECT_FALSE(Rational::decimal("-1"));
}

TEST(RationalNumber, AddsAndMultipliesExactly) {
  EXPECT_EQ(sum(made(1, 10), made(2, 10)).value(), made(3, 10));
  EXPECT_EQ(difference(made(1, 3), made(1, 2)).value(), made(-1, 6));
  EXPECT_EQ(product(made(2, 3), made(9, 4)).value(), made(3, 2));
  EXPECT_EQ(quotient(made(1, 2), made(-1, 4)).value(), Rational(-2));
  EXPECT_FALSE(quotient(Rational(1), Rational(0)));
}

TEST(RationalNumber, RaisesToWholePowers) {
  EXPECT_EQ(power(made(2, 3), -2).value(), made(9, 4));
  EXPECT_EQ(power(Rational(7), 0).value(), Rational(1));
  EXPECT_FALSE(power(Rational(0), 0));
  EXPECT_FALSE(power(Rational(0), -1));
}

TEST(RationalNumber, RefusesWhatLeaves128BitsAndNeverWraps) {
  EXPECT_TRUE(power(Rational(2), 126));
  EXPECT_FALSE(power(Rational(2), 127));
  EXPECT_FALSE(Rational::decimal(std::string(40, '9')));
  const Rational large = power(Rational(2), 126).value();
  EXPECT_FALSE(sum(large, large));
  EXPECT_FALSE(product(large, Rational(-2)) && product(large, Rational(2)));
}

TEST(RationalNumber, KnowsHowFarOthersAre) {
  EXPECT_EQ(distance(Rational(9007199254740993), Rational(9007199254740992)), 1);
  EXPECT_EQ(distance(made(-1, 2), made(1, 4)), 0.75);
  EXPECT_DOUBLE_EQ(distance(made(1, 1'000'000'000'000'000'000), Rational(0)), 1e-18);
  const Rational large = power(Rational(2), 126).value();
  EXPECT_DOUBLE_EQ(distance(large, difference(Rational(0), large).value()), std::pow(2, 127));
}

TEST(RationalNumber, RoundsDownAndApproximates) {
  EXPECT_EQ(static_cast<int64_t>(made(-3, 2).floor()), -2);
  EXPECT_EQ(static_cast<int64_t>(made(3, 2).floor()), 1);
  EXPECT_DOUBLE_EQ(made(-3, 4).to_double(), -0.75);
}

}  // namespace
}  // namespace nelumbo
