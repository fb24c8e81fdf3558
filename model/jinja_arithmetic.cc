// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_arithmetic.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

namespace nelumbo {
namespace {

JinjaValue checked(JinjaRun& run, bool overflows, int64_t value) {
  if (overflows)
    return run.fail("an integer leaves 64 bits");
  return JinjaValue::integer(value);
}

JinjaValue integer_power(JinjaRun& run, int64_t base, int64_t exponent) {
  int64_t power = 1;
  bool overflows = false;
  while (exponent > 0 && !overflows) {
    if ((exponent & 1) != 0)
      overflows = __builtin_mul_overflow(power, base, &power);
    exponent >>= 1;
    // A square that overflows matters only when there is another bit to multiply with.
    if (exponent > 0 && !overflows)
      overflows = __builtin_mul_overflow(base, base, &base);
  }
  return checked(run, overflows, power);
}

int64_t floored_quotient(int64_t a, int64_t b) {
  const int64_t quotient = a / b;
  return quotient - static_cast<int64_t>(a % b != 0 && (a < 0) != (b < 0));
}

JinjaValue of_integers(JinjaRun& run, JinjaOperator op, int64_t a, int64_t b) {
  int64_t result = 0;
  bool overflows = false;
  switch (op) {
    case JinjaOperator::kAdd:
      overflows = __builtin_add_overflow(a, b, &result);
      return checked(run, overflows, result);
    case JinjaOperator::kSubtract:
      overflows = __builtin_sub_overflow(a, b, &result);
      return checked(run, overflows, result);
    case JinjaOperator::kMultiply:
      overflows = __builtin_mul_overflow(a, b, &result);
      return checked(run, overflows, result);
    case JinjaOperator::kPower:
      return integer_power(run, a, b);
    default:
      break;
  }
  if (b == 0)
    return run.fail("division by zero");
  if (b == -1) {  // INT64_MIN / -1 traps
    overflows = __builtin_sub_overflow(int64_t{0}, a, &result);
    return op == JinjaOperator::kModulo ? JinjaValue::integer(0) : checked(run, overflows, result);
  }
  if (op == JinjaOperator::kFloorDivide)
    return JinjaValue::integer(floored_quotient(a, b));
  return JinjaValue::integer(a - floored_quotient(a, b) * b);
}

/// As CPython's float_divmod: the remainder has the sign of the divisor.
JinjaValue floor_divided(JinjaRun& run, JinjaOperator op, double a, double b) {
  if (b == 0)
    return run.fail("division by zero");
  double remainder = std::fmod(a, b);
  double quotient = (a - remainder) / b;
  if (remainder != 0 && (b < 0) != (remainder < 0)) {
    remainder += b;
    quotient -= 1;
  } else if (remainder == 0) {
    remainder = std::copysign(0.0, b);
  }
  if (op == JinjaOperator::kModulo)
    return JinjaValue::real(remainder);
  if (quotient == 0)
    return JinjaValue::real(std::copysign(0.0, a / b));
  const double floored = std::floor(quotient);
  return JinjaValue::real(quotient - floored > 0.5 ? floored + 1 : floored);
}

JinjaValue of_reals(JinjaRun& run, JinjaOperator op, double a, double b) {
  switch (op) {
    case JinjaOperator::kAdd:
      return JinjaValue::real(a + b);
    case JinjaOperator::kSubtract:
      return JinjaValue::real(a - b);
    case JinjaOperator::kMultiply:
      return JinjaValue::real(a * b);
    case JinjaOperator::kDivide:
      return b == 0 ? run.fail("division by zero") : JinjaValue::real(a / b);
    case JinjaOperator::kPower:
      break;
    default:
      return floor_divided(run, op, a, b);
  }
  if (a == 0 && b < 0)
    return run.fail("zero cannot be raised to a negative power");
  if (a < 0 && std::isfinite(a) && std::isfinite(b) && b != std::floor(b))
    return run.fail("a power of a negative number is complex, which is not supported");
  const double power = std::pow(a, b);
  if (std::isinf(power) && std::isfinite(a) && std::isfinite(b))
    return run.fail("a power is too large for a float");
  return JinjaValue::real(power);
}

}  // namespace

JinjaValue jinja_arithmetic(JinjaRun& run, JinjaOperator op, const JinjaValue& a,
                            const JinjaValue& b) {
  int64_t x = 0;
  int64_t y = 0;
  const bool whole = a.to_integer(x) && b.to_integer(y) && op != JinjaOperator::kDivide &&
                     !(op == JinjaOperator::kPower && y < 0);
  return whole ? of_integers(run, op, x, y) : of_reals(run, op, a.to_real(), b.to_real());
}

JinjaValue jinja_round(JinjaRun& run, const JinjaValue& value, int64_t digits) {
  int64_t whole = 0;
  if (value.to_integer(whole)) {
    if (digits >= 0)
      return JinjaValue::integer(whole);
    if (digits < -18)
      return JinjaValue::integer(0);
    int64_t unit = 1;
    for (int64_t i = 0; i < -digits; ++i)
      unit *= 10;
    const int64_t below = floored_quotient(whole, unit);
    const auto rest = static_cast<int64_t>(whole - __int128{below} * unit);
    const bool up = rest > unit - rest || (rest == unit - rest && (below & 1) != 0);
    return jinja_arithmetic(run, JinjaOperator::kMultiply,
                            JinjaValue::integer(below + static_cast<int64_t>(up)),
                            JinjaValue::integer(unit));
  }
  const double real = value.to_real();
  if (!std::isfinite(real) || digits > 320)
    return JinjaValue::real(real);
  if (digits < -308)
    return JinjaValue::real(std::copysign(0.0, real));
  if (digits < 0) {
    const double unit = std::pow(10.0, static_cast<double>(-digits));
    return JinjaValue::real(std::nearbyint(real / unit) * unit);
  }
  std::array<char, 700> text{};  // printing rounds the exact binary value, as Python does
  const int length =
      std::snprintf(text.data(), text.size(), "%.*f", static_cast<int>(digits), real);
  double rounded = real;
  std::from_chars(text.data(), text.data() + length, rounded);
  return JinjaValue::real(rounded);
}

}  // namespace nelumbo
