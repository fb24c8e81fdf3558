// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nelumbo {

/// An exact fraction in lowest terms, the denominator positive. Arithmetic whose result does not
/// fit 128 bits, and division by 0, give none: a number never wraps.
class Rational {
 public:
  __extension__ using Wide = __int128;

  Rational() = default;
  explicit Rational(int64_t whole) : numerator_(whole) {}

  /// `numerator / denominator`.
  static std::optional<Rational> of(Wide numerator, Wide denominator);
  /// The value of digits with or without a point: "12", "0.50", ".5", "5.". None for all else.
  static std::optional<Rational> decimal(std::string_view text);

  bool is_zero() const { return numerator_ == 0; }
  bool is_whole() const { return denominator_ == 1; }
  bool is_negative() const { return numerator_ < 0; }
  Wide numerator() const { return numerator_; }
  Wide denominator() const { return denominator_; }
  double to_double() const;
  /// "-3/4"
  std::string text() const;
  /// The largest whole number that is not above it.
  Wide floor() const;

  bool operator==(const Rational&) const = default;
  /// An order for sorting and lookup, not of size.
  bool operator<(const Rational& other) const;

 private:
  Wide numerator_ = 0, denominator_ = 1;
};

std::optional<Rational> sum(const Rational& a, const Rational& b);
std::optional<Rational> difference(const Rational& a, const Rational& b);
std::optional<Rational> product(const Rational& a, const Rational& b);
std::optional<Rational> quotient(const Rational& a, const Rational& b);
/// How far apart they are, rounded once the whole parts are: 1 for neighbours beyond 2^53, too.
double distance(const Rational& a, const Rational& b);
/// `base` to a whole power; none for 0 to a power that is not positive.
std::optional<Rational> power(const Rational& base, int64_t exponent);

}  // namespace nelumbo
