// SPDX-License-Identifier: Apache-2.0
#include "reward/math_operations.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

Ratio number(int64_t value) {
  return Ratio{Polynomial(Rational(value))};
}
Ratio symbol(const std::string& name) {
  return Ratio{Polynomial::power_of(name, Rational(1)).value()};
}

TEST(MathOperations, RaiseToAnyPower) {
  EXPECT_EQ(power_of(number(2), number(10))->constant(), Rational(1024));
  EXPECT_EQ(power_of(symbol("x"), symbol("n"))->text(), "1*pow(1*x;1*n)");
  EXPECT_FALSE(power_of(number(10), number(1'000'000)));
  EXPECT_FALSE(power_of(symbol("inf"), number(2)));
}

TEST(MathOperations, CountSmallNumbersOnly) {
  EXPECT_EQ(factorial(number(5))->constant(), Rational(120));
  EXPECT_FALSE(factorial(number(31)));
  EXPECT_FALSE(factorial(number(-1)));
  EXPECT_EQ(binomial(number(60), number(30))->text(), "118264581564861424");
  EXPECT_FALSE(binomial(number(3), number(4)));
}

TEST(MathOperations, TurnRelationsAround) {
  MathValue relation{MathValue::Shape::kRelation, {}, "", {}};
  relation.parts.resize(2);
  relation.parts[0].ratio = number(5);
  relation.parts[1].ratio = symbol("x");
  ASSERT_TRUE(turn_around({">"}, relation));
  EXPECT_EQ(relation.label, "<");
  EXPECT_EQ(relation.parts[0].ratio.text(), "1*x");
  EXPECT_FALSE(turn_around({"=", "<"}, relation));
}

TEST(MathOperations, JoinWhatPlusAndMinusGive) {
  MathValue plus, minus;
  plus.ratio = number(2);
  minus.ratio = number(-2);
  EXPECT_EQ(both(plus, minus).parts.size(), 2u);
}

}  // namespace
}  // namespace nelumbo
