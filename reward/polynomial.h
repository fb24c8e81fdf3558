// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reward/rational.h"

namespace nelumbo {

/// What a term of a sum is made of: each symbol with its exponent, which is not 0. Symbols are
/// letters, "pi", "e", "i", "inf"; roots of primes, "#2" with an exponent between 0 and 1; units,
/// "<m>"; and what is not looked into, "sin(...)".
using Monomial = std::map<std::string, Rational>;

/// A sum of monomials with exact coefficients, in normal form: i^2 is -1, #2^(3/2) is 2 #2^(1/2).
/// Since roots of different primes, products of them included, are linearly independent over the
/// rationals (Besicovitch 1940), two sums of numbers and roots are equal exactly when their normal
/// forms are. Operations give none where a number or the count of terms grows too large.
class Polynomial {
 public:
  Polynomial() = default;
  explicit Polynomial(const Rational& constant);
  /// coefficient * symbol^exponent, brought to normal form.
  static std::optional<Polynomial> power_of(const std::string& symbol, const Rational& exponent);

  bool is_zero() const { return terms_.empty(); }
  /// Its value where it has no symbols.
  std::optional<Rational> constant() const;
  /// Its value where it has none but roots, pi and e.
  std::optional<double> approximate() const;
  /// The symbol where it is one alone, with exponent and coefficient 1.
  std::optional<std::string> symbol() const;
  bool has(const std::string& symbol) const;
  bool has_units() const;
  /// "2*x^2 + -1"; equal exactly when the polynomials are.
  std::string text() const;

  const std::map<Monomial, Rational>& terms() const { return terms_; }
  bool operator==(const Polynomial&) const = default;

  std::optional<Polynomial> plus(const Polynomial& other) const;
  std::optional<Polynomial> times(const Polynomial& other) const;
  std::optional<Polynomial> times(const Rational& factor) const;

 private:
  bool add(const Monomial& monomial, const Rational& coefficient);

  std::map<Monomial, Rational> terms_;  ///< no coefficient is 0
};

/// A fraction of polynomials; the denominator is not 0. Not reduced: equality multiplies crosswise.
struct Ratio {
  Polynomial above;
  Polynomial below = Polynomial(Rational(1));

  /// A number where it is one.
  std::optional<Rational> constant() const;
  std::optional<double> approximate() const;
  /// None where the comparison grows too large.
  std::optional<bool> equals(const Ratio& other) const;
  std::string text() const;
};

std::optional<Ratio> sum(const Ratio& a, const Ratio& b);
std::optional<Ratio> product(const Ratio& a, const Ratio& b);
std::optional<Ratio> negative(const Ratio& a);
/// None for 1/0.
std::optional<Ratio> inverse(const Ratio& a);
/// A whole power.
std::optional<Ratio> power(const Ratio& base, int64_t exponent);
/// `base` to a fraction, of positive numbers (and square roots of negative ones); none for others.
std::optional<Ratio> root_of(const Rational& base, const Rational& exponent);

}  // namespace nelumbo
