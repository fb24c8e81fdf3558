// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_operators.h"

#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "model/jinja_arithmetic.h"
#include "model/jinja_format.h"
#include "model/jinja_split.h"
#include "model/jinja_text.h"

namespace nelumbo {
namespace {

constexpr std::array<const char*, 15> kSigns = {
    "+", "-", "*", "/", "//", "%", "** or pow()", "==", "!=", "<", "<=", ">", ">=", "in", "not in"};

const char* sign_of(JinjaOperator op) {
  return kSigns.at(static_cast<size_t>(op));
}

JinjaValue fail_operands(JinjaRun& run, JinjaOperator op, const JinjaValue& a,
                         const JinjaValue& b) {
  return run.fail(std::string("unsupported operand type(s) for ") + sign_of(op) + ": '" +
                  a.type_name() + "' and '" + b.type_name() + "'");
}

/// Two lists, or two tuples.
bool are_of_one_kind(const JinjaValue& a, const JinjaValue& b) {
  const auto* x = a.as<JinjaValue::Sequence>();
  const auto* y = b.as<JinjaValue::Sequence>();
  return x != nullptr && y != nullptr && (*x)->kind == (*y)->kind;
}

JinjaValue add(JinjaRun& run, const JinjaValue& a, const JinjaValue& b) {
  if (a.is_text() && b.is_text()) {
    if (!run.fits(std::ssize(a.text()) + std::ssize(b.text())))
      return {};
    return run.text(a.text() + b.text());
  }
  if (a.is_text() && !b.is_undefined())
    return run.fail(std::string("can only concatenate str (not \"") + b.type_name() + "\") to str");
  if (!are_of_one_kind(a, b) || (*a.as<JinjaValue::Sequence>())->kind > JinjaSequence::Kind::kTuple)
    return fail_operands(run, JinjaOperator::kAdd, a, b);
  const JinjaSequence& x = **a.as<JinjaValue::Sequence>();
  const JinjaSequence& y = **b.as<JinjaValue::Sequence>();
  if (!run.spend(std::ssize(x.items) + std::ssize(y.items)))
    return {};
  JinjaValues items;
  items.reserve(x.items.size() + y.items.size());
  items = x.items;
  items.insert(items.end(), y.items.begin(), y.items.end());
  return run.sequence(std::move(items), x.kind);
}

/// A text, list or tuple, `times` times behind each other.
JinjaValue repeat(JinjaRun& run, const JinjaValue& value, int64_t times) {
  times = std::max<int64_t>(times, 0);
  const JinjaSequence* sequence = value.indexable();
  const int64_t size =
      sequence != nullptr ? 64 * std::ssize(sequence->items) : std::ssize(value.text());
  int64_t total = 0;
  if (__builtin_mul_overflow(size, times, &total))
    total = std::numeric_limits<int64_t>::max();
  if (!run.fits(total) || !run.spend(1 + total / 64))
    return {};
  if (size == 0)
    times = 0;
  if (sequence == nullptr) {
    std::string text;
    text.reserve(static_cast<size_t>(total));
    if (times > 0)
      text = value.text();
    while (std::ssize(text) < total)
      text.append(text, 0, static_cast<size_t>(total) - text.size());
    return run.text(std::move(text));
  }
  JinjaValues items;
  items.reserve(static_cast<size_t>(times) * sequence->items.size());
  for (int64_t i = 0; i < times; ++i)
    items.insert(items.end(), sequence->items.begin(), sequence->items.end());
  return run.sequence(std::move(items), sequence->kind);
}

bool is_repeatable(const JinjaValue& value) {
  const JinjaSequence* sequence = value.indexable();
  return value.is_text() || (sequence != nullptr && sequence->kind != JinjaSequence::Kind::kRange);
}

bool equal_items(JinjaRun& run, const JinjaValues& a, const JinjaValues& b) {
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(),
      [&](const JinjaValue& x, const JinjaValue& y) { return jinja_equal(run, x, y); });
}

bool equal_dicts(JinjaRun& run, const JinjaDict& a, const JinjaDict& b) {
  if (a.entries.size() != b.entries.size())
    return false;
  return std::all_of(a.entries.begin(), a.entries.end(), [&](const auto& entry) {
    const JinjaValue* other = jinja_find(run, b, entry.first);
    return other != nullptr && jinja_equal(run, entry.second, *other);
  });
}

template <class T>
bool are_one(const JinjaValue& a, const JinjaValue& b) {
  const T* x = a.as<T>();
  const T* y = b.as<T>();
  return x != nullptr && y != nullptr && *x == *y;
}

bool is_nan(const JinjaValue& value) {
  return value.as<double>() != nullptr && std::isnan(*value.as<double>());
}

JinjaValue compare(JinjaRun& run, JinjaOperator op, const JinjaValue& a, const JinjaValue& b) {
  // Python has no order for NaN, so `a <= b` is not `not b < a`.
  const bool unordered = is_nan(a) || is_nan(b);
  switch (op) {
    case JinjaOperator::kEqual:
      return JinjaValue::boolean(jinja_equal(run, a, b));
    case JinjaOperator::kNotEqual:
      return JinjaValue::boolean(!jinja_equal(run, a, b));
    case JinjaOperator::kLess:
      return JinjaValue::boolean(jinja_less(run, a, b));
    case JinjaOperator::kGreater:
      return JinjaValue::boolean(jinja_less(run, b, a));
    case JinjaOperator::kLessEqual:
      return JinjaValue::boolean(!jinja_less(run, b, a) && !unordered);
    case JinjaOperator::kGreaterEqual:
      return JinjaValue::boolean(!jinja_less(run, a, b) && !unordered);
    case JinjaOperator::kIn:
      return JinjaValue::boolean(jinja_contains(run, b, a));
    default:
      return JinjaValue::boolean(!jinja_contains(run, b, a));
  }
}

}  // namespace

JinjaValue jinja_fail_undefined(JinjaRun& run, const JinjaValue& value) {
  const JinjaUndefined* undefined = value.as<JinjaUndefined>();
  return run.fail(undefined != nullptr && undefined->why != nullptr ? *undefined->why
                                                                    : "a value is undefined");
}

JinjaValue jinja_apply(JinjaRun& run, JinjaOperator op, const JinjaValue& a, const JinjaValue& b) {
  if (!run.spend())
    return {};
  if (op >= JinjaOperator::kEqual)
    return compare(run, op, a, b);
  if (op == JinjaOperator::kModulo && a.is_text())
    return jinja_percent_format(run, a.text(), b);
  if (a.is_undefined() || b.is_undefined())
    return jinja_fail_undefined(run, a.is_undefined() ? a : b);
  if (a.is_number() && b.is_number())
    return jinja_arithmetic(run, op, a, b);
  if (op == JinjaOperator::kAdd)
    return add(run, a, b);
  int64_t times = 0;
  if (op == JinjaOperator::kMultiply && is_repeatable(a) && b.to_integer(times))
    return repeat(run, a, times);
  if (op == JinjaOperator::kMultiply && is_repeatable(b) && a.to_integer(times))
    return repeat(run, b, times);
  return fail_operands(run, op, a, b);
}

JinjaValue jinja_negate(JinjaRun& run, const JinjaValue& value) {
  if (value.is_undefined())
    return jinja_fail_undefined(run, value);
  if (const double* real = value.as<double>())
    return JinjaValue::real(-*real);
  if (value.is_number())
    return jinja_arithmetic(run, JinjaOperator::kSubtract, JinjaValue::integer(0), value);
  return run.fail(std::string("bad operand type for unary -: '") + value.type_name() + "'");
}

JinjaValue jinja_plus(JinjaRun& run, const JinjaValue& value) {
  if (value.is_undefined())
    return jinja_fail_undefined(run, value);
  int64_t whole = 0;
  if (value.to_integer(whole))
    return JinjaValue::integer(whole);
  if (value.is_number())
    return value;
  return run.fail(std::string("bad operand type for unary +: '") + value.type_name() + "'");
}

bool jinja_equal(JinjaRun& run, const JinjaValue& a, const JinjaValue& b) {
  if (!run.spend())
    return false;
  if (a.is_number() && b.is_number())
    return !is_nan(a) && !is_nan(b) && jinja_compare_numbers(a, b) == 0;
  if (a.is_text() && b.is_text())
    return a.text().size() == b.text().size() && jinja_pay_comparison(run, a.text(), b.text()) &&
           a.text() == b.text();
  if (are_of_one_kind(a, b))
    return equal_items(run, (*a.as<JinjaValue::Sequence>())->items,
                       (*b.as<JinjaValue::Sequence>())->items);
  if (a.dict() != nullptr && b.dict() != nullptr)
    return a.dict() == b.dict() || equal_dicts(run, *a.dict(), *b.dict());
  return (a.is_none() && b.is_none()) || (a.is_undefined() && b.is_undefined()) ||
         are_one<JinjaValue::Iterator>(a, b) || are_one<JinjaValue::Namespace>(a, b) ||
         are_one<JinjaValue::Function>(a, b) || are_one<JinjaValue::Loop>(a, b);
}

bool jinja_less(JinjaRun& run, const JinjaValue& a, const JinjaValue& b) {
  if (!run.spend())
    return false;
  if (a.is_number() && b.is_number())
    return !is_nan(a) && !is_nan(b) && jinja_compare_numbers(a, b) < 0;
  if (a.is_text() && b.is_text())
    return jinja_pay_comparison(run, a.text(), b.text()) && a.text() < b.text();
  if (a.is_undefined() || b.is_undefined()) {
    jinja_fail_undefined(run, a.is_undefined() ? a : b);
    return false;
  }
  if (!are_of_one_kind(a, b) ||
      (*a.as<JinjaValue::Sequence>())->kind > JinjaSequence::Kind::kTuple) {
    run.fail(std::string("'<' not supported between instances of '") + a.type_name() + "' and '" +
             b.type_name() + "'");
    return false;
  }
  const JinjaValues& x = (*a.as<JinjaValue::Sequence>())->items;
  const JinjaValues& y = (*b.as<JinjaValue::Sequence>())->items;
  for (size_t i = 0; i < std::min(x.size(), y.size()); ++i)
    if (!jinja_equal(run, x[i], y[i]))
      return jinja_less(run, x[i], y[i]);
  return x.size() < y.size();
}

bool jinja_contains(JinjaRun& run, const JinjaValue& container, const JinjaValue& value) {
  if (container.is_text()) {
    if (!value.is_text()) {
      run.fail(std::string("'in <string>' requires string as left operand, not ") +
               value.type_name());
      return false;
    }
    return jinja_pay_search(run, container.text(), value.text()) &&
           JinjaFinder(value.text()).find(container.text()) != std::string::npos;
  }
  if (const JinjaDict* dict = container.dict()) {
    if (!jinja_is_hashable(run, value))
      run.fail(std::string("unhashable type: '") + value.type_name() + "'");
    return jinja_find(run, *dict, value) != nullptr;
  }
  const auto holds = [&](const JinjaValue& item) { return jinja_equal(run, item, value); };
  if (const auto* sequence = container.as<JinjaValue::Sequence>())
    return std::any_of((*sequence)->items.begin(), (*sequence)->items.end(), holds);
  if (const auto* iterator = container.as<JinjaValue::Iterator>()) {
    JinjaIterator& held = **iterator;
    while (held.next < held.items.size())
      if (holds(held.items[held.next++]))
        return true;
    return false;
  }
  if (!container.is_undefined())
    run.fail(std::string("argument of type '") + container.type_name() + "' is not iterable");
  return false;
}

int64_t jinja_length(JinjaRun& run, const JinjaValue& value) {
  if (value.is_undefined())
    return 0;
  if (value.is_text()) {
    run.spend(1 + std::ssize(value.text()) / 256);
    return code_point_count(value.text());
  }
  if (const auto* sequence = value.as<JinjaValue::Sequence>())
    return std::ssize((*sequence)->items);
  if (const JinjaDict* dict = value.dict())
    return std::ssize(dict->entries);
  run.fail(std::string("object of type '") + value.type_name() + "' has no len()");
  return 0;
}

}  // namespace nelumbo
