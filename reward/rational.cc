// SPDX-License-Identifier: Apache-2.0
#include "reward/rational.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nelumbo {

namespace {

using Wide = Rational::Wide;

/// The one value whose negative does not fit.
constexpr Wide kLeast = static_cast<Wide>(1) << 126 << 1;

std::optional<Wide> times(Wide a, Wide b) {
  Wide out = 0;
  if (__builtin_mul_overflow(a, b, &out))
    return std::nullopt;
  return out;
}

std::optional<Wide> plus(Wide a, Wide b) {
  Wide out = 0;
  if (__builtin_add_overflow(a, b, &out))
    return std::nullopt;
  return out;
}

Wide gcd(Wide a, Wide b) {
  while (b != 0)
    a = std::exchange(b, a % b);
  return a < 0 ? -a : a;
}

std::string digits(Wide value) {
  std::string text;
  for (Wide rest = value < 0 ? -value : value; rest != 0; rest /= 10)
    text += static_cast<char>('0' + static_cast<int>(rest % 10));
  if (text.empty())
    text = "0";
  if (value < 0)
    text += '-';
  std::ranges::reverse(text);
  return text;
}

}  // namespace

std::optional<Rational> Rational::of(Wide numerator, Wide denominator) {
  if (denominator == 0 || numerator == kLeast || denominator == kLeast)
    return std::nullopt;
  if (denominator < 0) {
    numerator = -numerator;
    denominator = -denominator;
  }
  const Wide common = gcd(numerator, denominator);
  Rational out;
  out.numerator_ = numerator / common;
  out.denominator_ = denominator / common;
  return out;
}

std::optional<Rational> Rational::decimal(std::string_view text) {
  Wide value = 0, scale = 1;
  bool behind_point = false, any = false;
  for (const char c : text) {
    if (c == '.' && !behind_point) {
      behind_point = true;
      continue;
    }
    if (c < '0' || c > '9')
      return std::nullopt;
    any = true;
    const auto shifted = times(value, 10);
    const auto next = shifted ? plus(*shifted, c - '0') : std::nullopt;
    const auto wider = behind_point ? times(scale, 10) : std::optional(scale);
    if (!next || !wider)
      return std::nullopt;
    value = *next;
    scale = *wider;
  }
  return any ? of(value, scale) : std::nullopt;
}

double Rational::to_double() const {
  return static_cast<double>(numerator_) / static_cast<double>(denominator_);
}

std::string Rational::text() const {
  return digits(numerator_) + (denominator_ == 1 ? "" : "/" + digits(denominator_));
}

Rational::Wide Rational::floor() const {
  const Wide whole = numerator_ / denominator_;
  return numerator_ < 0 && numerator_ % denominator_ != 0 ? whole - 1 : whole;
}

bool Rational::operator<(const Rational& other) const {
  return numerator_ != other.numerator_ ? numerator_ < other.numerator_
                                        : denominator_ < other.denominator_;
}

std::optional<Rational> sum(const Rational& a, const Rational& b) {
  const auto left = times(a.numerator(), b.denominator());
  const auto right = times(b.numerator(), a.denominator());
  const auto above = left && right ? plus(*left, *right) : std::nullopt;
  const auto below = times(a.denominator(), b.denominator());
  return above && below ? Rational::of(*above, *below) : std::nullopt;
}

std::optional<Rational> difference(const Rational& a, const Rational& b) {
  const auto minus = Rational::of(-b.numerator(), b.denominator());
  return minus ? sum(a, *minus) : std::nullopt;
}

std::optional<Rational> product(const Rational& a, const Rational& b) {
  const auto above = times(a.numerator(), b.numerator());
  const auto below = times(a.denominator(), b.denominator());
  return above && below ? Rational::of(*above, *below) : std::nullopt;
}

std::optional<Rational> quotient(const Rational& a, const Rational& b) {
  const auto inverse = Rational::of(b.denominator(), b.numerator());
  return inverse ? product(a, *inverse) : std::nullopt;
}

double distance(const Rational& a, const Rational& b) {
  const auto rest = [](const Rational& number) {
    return static_cast<double>(number.numerator() % number.denominator()) /
           static_cast<double>(number.denominator());
  };
  const Wide whole_a = a.numerator() / a.denominator(), whole_b = b.numerator() / b.denominator();
  const auto whole = plus(whole_a, -whole_b);
  const double between = whole ? static_cast<double>(*whole)
                               : static_cast<double>(whole_a) - static_cast<double>(whole_b);
  return std::abs(between + (rest(a) - rest(b)));
}

std::optional<Rational> power(const Rational& base, int64_t exponent) {
  constexpr int64_t kMostExponent = 1000;  // beyond it only 0 and 1 fit, and loops cost time
  if (exponent < 0 || exponent > kMostExponent) {
    if (exponent < -kMostExponent || exponent > kMostExponent)
      return std::nullopt;
    const auto inverse = quotient(Rational(1), base);
    return inverse ? power(*inverse, -exponent) : std::nullopt;
  }
  if (base.is_zero() && exponent == 0)
    return std::nullopt;
  std::optional<Rational> out = Rational(1);
  for (int64_t i = 0; i < exponent && out; ++i)
    out = product(*out, base);
  return out;
}

}  // namespace nelumbo
