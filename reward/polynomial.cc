// SPDX-License-Identifier: Apache-2.0
#include "reward/polynomial.h"

#include <cmath>
#include <cstdlib>
#include <numbers>

namespace nelumbo {

namespace {

constexpr size_t kMostTerms = 200;
constexpr size_t kMostSymbols = 12;
constexpr int64_t kLargestPrime = 10'000;

/// Adds symbol^exponent to a monomial and folds whole powers of roots and of i into `coefficient`.
/// False when a number does not fit.
bool multiply(Monomial& monomial, Rational& coefficient, const std::string& symbol,
              const Rational& exponent) {
  const auto at = monomial.find(symbol);
  auto whole = at == monomial.end() ? std::optional(exponent) : sum(at->second, exponent);
  std::optional<Rational> factor = Rational(1);
  if (whole && symbol.starts_with('#')) {
    const auto times = static_cast<int64_t>(whole->floor());
    factor = power(Rational(std::atoll(symbol.c_str() + 1)), times);
    whole = difference(*whole, Rational(times));
  } else if (whole && symbol == "i" && whole->is_whole()) {
    const auto turns = static_cast<int64_t>(((whole->numerator() % 4) + 4) % 4);
    factor = Rational(turns >= 2 ? -1 : 1);
    whole = Rational(turns % 2);
  }
  const auto scaled = factor ? product(coefficient, *factor) : std::nullopt;
  if (!whole || !scaled)
    return false;
  coefficient = *scaled;
  if (whole->is_zero())
    monomial.erase(symbol);
  else
    monomial[symbol] = *whole;
  return monomial.size() <= kMostSymbols;
}

std::optional<double> value_of(const std::string& symbol) {
  if (symbol.starts_with('#'))
    return std::atof(symbol.c_str() + 1);
  if (symbol == "pi")
    return std::numbers::pi;
  if (symbol == "e")
    return std::numbers::e;
  return std::nullopt;
}

}  // namespace

Polynomial::Polynomial(const Rational& constant) {
  if (!constant.is_zero())
    terms_[{}] = constant;
}

std::optional<Polynomial> Polynomial::power_of(const std::string& symbol,
                                               const Rational& exponent) {
  Monomial monomial;
  Rational coefficient(1);
  if (!multiply(monomial, coefficient, symbol, exponent))
    return std::nullopt;
  Polynomial out;
  out.terms_[monomial] = coefficient;
  return out;
}

std::optional<Rational> Polynomial::constant() const {
  if (terms_.empty())
    return Rational(0);
  if (terms_.size() == 1 && terms_.begin()->first.empty())
    return terms_.begin()->second;
  return std::nullopt;
}

std::optional<double> Polynomial::approximate() const {
  double total = 0;
  for (const auto& [monomial, coefficient] : terms_) {
    double term = coefficient.to_double();
    for (const auto& [symbol, exponent] : monomial) {
      const auto value = value_of(symbol);
      if (!value)
        return std::nullopt;
      term *= std::pow(*value, exponent.to_double());
    }
    total += term;
  }
  return total;
}

std::optional<std::string> Polynomial::symbol() const {
  if (terms_.size() != 1 || terms_.begin()->second != Rational(1))
    return std::nullopt;
  const Monomial& monomial = terms_.begin()->first;
  if (monomial.size() != 1 || monomial.begin()->second != Rational(1))
    return std::nullopt;
  return monomial.begin()->first;
}

bool Polynomial::has(const std::string& symbol) const {
  for (const auto& [monomial, coefficient] : terms_)
    if (monomial.contains(symbol))
      return true;
  return false;
}

bool Polynomial::has_units() const {
  for (const auto& [monomial, coefficient] : terms_)
    for (const auto& [symbol, exponent] : monomial)
      if (symbol.starts_with('<'))
        return true;
  return false;
}

std::string Polynomial::text() const {
  std::string out;
  for (const auto& [monomial, coefficient] : terms_) {
    out += (out.empty() ? "" : " + ") + coefficient.text();
    for (const auto& [symbol, exponent] : monomial)
      out += "*" + symbol + (exponent == Rational(1) ? "" : "^" + exponent.text());
  }
  return out.empty() ? "0" : out;
}

bool Polynomial::add(const Monomial& monomial, const Rational& coefficient) {
  const auto at = terms_.find(monomial);
  const auto total = at == terms_.end() ? std::optional(coefficient) : sum(at->second, coefficient);
  if (!total)
    return false;
  if (total->is_zero())
    terms_.erase(monomial);
  else
    terms_[monomial] = *total;
  return terms_.size() <= kMostTerms;
}

std::optional<Polynomial> Polynomial::plus(const Polynomial& other) const {
  Polynomial out = *this;
  for (const auto& [monomial, coefficient] : other.terms_)
    if (!out.add(monomial, coefficient))
      return std::nullopt;
  return out;
}

std::optional<Polynomial> Polynomial::times(const Polynomial& other) const {
  Polynomial out;
  for (const auto& [left, a] : terms_) {
    for (const auto& [right, b] : other.terms_) {
      Monomial monomial = left;
      const auto scaled = product(a, b);
      if (!scaled)
        return std::nullopt;
      Rational coefficient = *scaled;
      for (const auto& [symbol, exponent] : right)
        if (!multiply(monomial, coefficient, symbol, exponent))
          return std::nullopt;
      if (!out.add(monomial, coefficient))
        return std::nullopt;
    }
  }
  return out;
}

std::optional<Polynomial> Polynomial::times(const Rational& factor) const {
  return times(Polynomial(factor));
}

std::optional<Rational> Ratio::constant() const {
  const auto a = above.constant();
  const auto b = below.constant();
  return a && b ? quotient(*a, *b) : std::nullopt;
}

std::optional<double> Ratio::approximate() const {
  const auto a = above.approximate();
  const auto b = below.approximate();
  return a && b && *b != 0 ? std::optional(*a / *b) : std::nullopt;
}

std::optional<bool> Ratio::equals(const Ratio& other) const {
  if (below == other.below)
    return above == other.above;
  const auto left = above.times(other.below);
  const auto right = other.above.times(below);
  return left && right ? std::optional(*left == *right) : std::nullopt;
}

std::string Ratio::text() const {
  if (const auto number = constant())
    return number->text();
  const auto divisor = below.constant();
  if (const auto scaled =
          divisor ? above.times(power(*divisor, -1).value_or(Rational(1))) : std::nullopt)
    return scaled->text();
  return "(" + above.text() + ")/(" + below.text() + ")";
}

std::optional<Ratio> sum(const Ratio& a, const Ratio& b) {
  if (a.below == b.below) {
    const auto above = a.above.plus(b.above);
    return above ? std::optional(Ratio{*above, a.below}) : std::nullopt;
  }
  const auto left = a.above.times(b.below);
  const auto right = b.above.times(a.below);
  const auto above = left && right ? left->plus(*right) : std::nullopt;
  const auto below = a.below.times(b.below);
  return above && below ? std::optional(Ratio{*above, *below}) : std::nullopt;
}

std::optional<Ratio> product(const Ratio& a, const Ratio& b) {
  const auto above = a.above.times(b.above);
  const auto below = a.below.times(b.below);
  return above && below ? std::optional(Ratio{*above, *below}) : std::nullopt;
}

std::optional<Ratio> negative(const Ratio& a) {
  const auto above = a.above.times(Rational(-1));
  return above ? std::optional(Ratio{*above, a.below}) : std::nullopt;
}

std::optional<Ratio> inverse(const Ratio& a) {
  if (a.above.is_zero())
    return std::nullopt;
  return Ratio{a.below, a.above};
}

std::optional<Ratio> power(const Ratio& base, int64_t exponent) {
  constexpr int64_t kMostExponent = 64;
  if (const auto number = base.constant()) {
    const auto value = power(*number, exponent);
    return value ? std::optional(Ratio{Polynomial(*value)}) : std::nullopt;
  }
  if (exponent < -kMostExponent || exponent > kMostExponent)
    return std::nullopt;
  std::optional<Ratio> factor = exponent < 0 ? inverse(base) : std::optional(base);
  std::optional<Ratio> out = Ratio{Polynomial(Rational(1))};
  for (int64_t i = 0; i < std::abs(exponent) && out && factor; ++i)
    out = product(*out, *factor);
  return factor ? out : std::nullopt;
}

std::optional<Ratio> root_of(const Rational& base, const Rational& exponent) {
  if (base.is_zero())
    return exponent.is_negative() ? std::nullopt : std::optional(Ratio{});
  if (base.is_negative()) {
    if (exponent != Rational::of(1, 2).value())
      return std::nullopt;
    const auto positive = product(base, Rational(-1));
    const auto root = positive ? root_of(*positive, exponent) : std::nullopt;
    return root ? product(*root, Ratio{*Polynomial::power_of("i", Rational(1))}) : std::nullopt;
  }
  std::optional<Polynomial> out = Polynomial(Rational(1));
  const auto take = [&](Rational::Wide number, const Rational& each) {
    for (int64_t prime = 2; number > 1 && out; ++prime) {
      if (prime > kLargestPrime || static_cast<Rational::Wide>(prime) * prime > number) {
        // What is left is prime, or too large to say.
        if (static_cast<Rational::Wide>(kLargestPrime) * kLargestPrime < number)
          out = std::nullopt;
        else if (const auto rest =
                     Polynomial::power_of("#" + std::to_string(static_cast<int64_t>(number)), each))
          out = out->times(*rest);
        else
          out = std::nullopt;
        return;
      }
      for (; number % prime == 0 && out; number /= prime) {
        const auto one = Polynomial::power_of("#" + std::to_string(prime), each);
        out = one ? out->times(*one) : std::nullopt;
      }
    }
  };
  take(base.numerator(), exponent);
  if (const auto minus = product(exponent, Rational(-1)))
    take(base.denominator(), *minus);
  return out ? std::optional(Ratio{*out}) : std::nullopt;
}

}  // namespace nelumbo
