// SPDX-License-Identifier: Apache-2.0
#include "reward/polynomial.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

Polynomial symbol(const std::string& name) {
  return Polynomial::power_of(name, Rational(1)).value();
}
Rational half() {
  return Rational::of(1, 2).value();
}

TEST(PolynomialForm, IsTheSameHoweverItWasBuilt) {
  const Polynomial x = symbol("x"), one{Rational(1)};
  const Polynomial left = x.plus(one)->times(*x.plus(one)).value();
  const Polynomial right = x.times(x)->plus(*x.times(Rational(2)))->plus(one).value();
  EXPECT_EQ(left, right);
  EXPECT_EQ(left.text(), "1 + 2*x + 1*x^2");
  EXPECT_TRUE(left.plus(*right.times(Rational(-1)))->is_zero());
}

TEST(PolynomialForm, FoldsRootsAndTheImaginaryUnit) {
  const Polynomial root = Polynomial::power_of("#2", half()).value();
  EXPECT_EQ(root.times(root)->constant(), Rational(2));
  EXPECT_EQ(Polynomial::power_of("#2", Rational::of(3, 2).value())->text(), "2*#2^1/2");
  EXPECT_EQ(symbol("i").times(symbol("i"))->constant(), Rational(-1));
}

TEST(PolynomialForm, ApproximatesNumbersOnly) {
  EXPECT_NEAR(symbol("pi").times(Rational(2))->approximate().value(), 6.283185307, 1e-9);
  EXPECT_FALSE(symbol("x").approximate());
}

TEST(PolynomialForm, StopsGrowing) {
  Polynomial many;
  for (int i = 0; i < 200; ++i)
    many = many.plus(symbol("x" + std::to_string(i))).value();
  EXPECT_FALSE(many.plus(symbol("y")));
  EXPECT_FALSE(many.times(many));
}

TEST(RatioOfPolynomials, EqualsCrosswise) {
  const Ratio x{symbol("x")};
  const Ratio square = product(x, x).value();
  const Ratio reduced = product(square, inverse(x).value()).value();  // x^2 / x
  EXPECT_TRUE(reduced.equals(x).value());
  EXPECT_FALSE(square.equals(x).value());
  EXPECT_FALSE(inverse(Ratio{}));
}

TEST(RatioOfPolynomials, TakesRootsOfNumbers) {
  // sqrt(12) = 2 sqrt(3); (8/27)^(2/3) = 4/9; sqrt(-4) = 2i.
  EXPECT_EQ(root_of(Rational(12), half())->text(), "2*#3^1/2");
  EXPECT_EQ(root_of(Rational::of(8, 27).value(), Rational::of(2, 3).value())->constant(),
            Rational::of(4, 9).value());
  EXPECT_EQ(root_of(Rational(-4), half())->text(), "2*i");
  EXPECT_FALSE(root_of(Rational(-8), Rational::of(1, 3).value()));
}

TEST(RatioOfPolynomials, RaisesToWholePowers) {
  EXPECT_EQ(power(Ratio{symbol("x")}, -2)->text(), "(1)/(1*x^2)");
  EXPECT_FALSE(power(Ratio{symbol("x")}, 65));
}

}  // namespace
}  // namespace nelumbo
