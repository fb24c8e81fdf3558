// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_evaluator.h"

#include <string>
#include <utility>

#include "base/check.h"
#include "model/jinja_attributes.h"
#include "model/jinja_filters.h"
#include "model/jinja_operators.h"
#include "model/jinja_print.h"
#include "model/jinja_tests.h"
#include "model/jinja_text.h"

namespace nelumbo {

using Kind = JinjaExpression::Kind;

bool JinjaEvaluator::enter() {
  ++levels_;
  if (levels_ > run_.limits().levels)
    run_.fail("more than " + std::to_string(run_.limits().levels) +
              " levels of expressions, blocks and macros");
  return run_.spend();
}

JinjaValue JinjaEvaluator::value(const JinjaExpression& of, const JinjaScope& scope) {
  if (of.kind == Kind::kConstant)
    return of.constant;
  run_.at(of.place);
  JinjaValue value;
  if (enter())
    value = computed(of, scope);
  leave();
  return value;
}

JinjaValue JinjaEvaluator::computed(const JinjaExpression& of, const JinjaScope& scope) {
  switch (of.kind) {
    case Kind::kName:
      return variable(of, scope);
    case Kind::kList:
      return run_.list(values(of, scope));
    case Kind::kTuple:
      return run_.tuple(values(of, scope));
    case Kind::kDict:
      return dict(of, scope);
    case Kind::kSlice:
      return slice(of, scope);
    case Kind::kCompare:
      return compare(of, scope);
    case Kind::kConcat:
      return concat(of, scope);
    case Kind::kConditional:
      return conditional(of, scope);
    case Kind::kFilter:
      return filtered(of, {}, scope);
    default:
      return combined(of, scope);
  }
}

/// Kinds that always compute their first part, and first.
JinjaValue JinjaEvaluator::combined(const JinjaExpression& of, const JinjaScope& scope) {
  const JinjaValue first = value(*of.parts[0], scope);
  if (run_.failed())
    return {};
  run_.at(of.place);
  switch (of.kind) {
    case Kind::kAttribute:
      return jinja_attribute(run_, first, of.name);
    case Kind::kNot:
      return JinjaValue::boolean(!first.truth());
    case Kind::kNegate:
      return jinja_negate(run_, first);
    case Kind::kPlus:
      return jinja_plus(run_, first);
    case Kind::kAnd:
      return first.truth() ? value(*of.parts[1], scope) : first;
    case Kind::kOr:
      return first.truth() ? first : value(*of.parts[1], scope);
    case Kind::kCall: {
      JinjaArguments given = arguments(of, scope);
      run_.at(of.place);
      return call(first, given);
    }
    case Kind::kTest: {
      const JinjaArguments given = arguments(of, scope);
      run_.at(of.place);
      return JinjaValue::boolean(jinja_test(run_, of.name, first, given));
    }
    default:
      break;
  }
  const JinjaValue second = value(*of.parts[1], scope);
  if (run_.failed())
    return {};
  run_.at(of.place);
  if (of.kind == Kind::kItem)
    return jinja_item(run_, first, second);
  NELUMBO_CHECK(of.kind == Kind::kArithmetic) << "a kind of expression that is not computed";
  return jinja_apply(run_, of.operators[0], first, second);
}

JinjaValue JinjaEvaluator::variable(const JinjaExpression& of, const JinjaScope& scope) {
  int64_t looked_at = 0;
  const JinjaValue* found = scope.find(of.name, looked_at);
  run_.spend(looked_at / kNamesOfAStep);
  return found != nullptr ? *found
                          : JinjaValue::undefined(quoted_briefly(of.name) + " is undefined");
}

JinjaValues JinjaEvaluator::values(const JinjaExpression& of, const JinjaScope& scope) {
  JinjaValues all;
  for (const JinjaExpressionPtr& part : of.parts) {
    if (run_.failed())
      return {};
    all.push_back(value(*part, scope));
  }
  return all;
}

JinjaValue JinjaEvaluator::dict(const JinjaExpression& of, const JinjaScope& scope) {
  std::vector<std::pair<JinjaValue, JinjaValue>> entries;
  for (size_t i = 0; i < of.parts.size() && !run_.failed(); i += 2) {
    JinjaValue key = value(*of.parts[i], scope);
    entries.emplace_back(std::move(key), value(*of.parts[i + 1], scope));
  }
  return run_.dict(std::move(entries));
}

JinjaValue JinjaEvaluator::slice(const JinjaExpression& of, const JinjaScope& scope) {
  const JinjaValue sliced = value(*of.parts[0], scope);
  JinjaValues bounds;
  for (size_t i = 1; i < of.parts.size() && !run_.failed(); ++i)
    bounds.push_back(of.parts[i] != nullptr ? value(*of.parts[i], scope) : JinjaValue::none());
  if (run_.failed())
    return {};
  run_.at(of.place);
  return jinja_slice(run_, sliced, bounds);
}

/// As in Python: `a < b < c` computes b once, and c only if a < b.
JinjaValue JinjaEvaluator::compare(const JinjaExpression& of, const JinjaScope& scope) {
  JinjaValue left = value(*of.parts[0], scope);
  JinjaValue holds = JinjaValue::boolean(true);
  for (size_t i = 0; i < of.operators.size() && holds.truth() && !run_.failed(); ++i) {
    JinjaValue right = value(*of.parts[i + 1], scope);
    run_.at(of.place);
    if (!run_.failed())
      holds = jinja_apply(run_, of.operators[i], left, right);
    left = std::move(right);
  }
  return holds;
}

JinjaValue JinjaEvaluator::concat(const JinjaExpression& of, const JinjaScope& scope) {
  JinjaWriter out(run_);
  for (const JinjaExpressionPtr& part : of.parts) {
    const JinjaValue printed = value(*part, scope);
    run_.at(of.place);
    if (run_.failed())
      return {};
    out.add(jinja_str(run_, printed).text());
  }
  return run_.text(out.take());
}

JinjaValue JinjaEvaluator::conditional(const JinjaExpression& of, const JinjaScope& scope) {
  const bool holds = value(*of.parts[1], scope).truth();
  if (run_.failed())
    return {};
  const JinjaExpressionPtr& chosen = of.parts[holds ? 0 : 2];
  if (chosen != nullptr)
    return value(*chosen, scope);
  return JinjaValue::undefined("an 'if' without 'else' was false, and so its value is undefined");
}

JinjaArguments JinjaEvaluator::arguments(const JinjaExpression& of, const JinjaScope& scope) {
  JinjaArguments all;
  for (size_t i = 1; i < of.parts.size() && !run_.failed(); ++i)
    all.positional.push_back(value(*of.parts[i], scope));
  for (const auto& [name, part] : of.named)
    if (!run_.failed())
      all.named.emplace_back(name, value(*part, scope));
  return all;
}

JinjaValue JinjaEvaluator::filtered(const JinjaExpression& filters, const JinjaValue& input,
                                    const JinjaScope& scope) {
  JinjaValue first = input;
  if (const JinjaExpressionPtr& inner = filters.parts[0]; inner != nullptr) {
    // A chain without an input ends in a filter of nothing.
    const bool chained = inner->kind == Kind::kFilter;
    if (chained && !enter()) {
      leave();
      return {};
    }
    first = chained ? filtered(*inner, input, scope) : value(*inner, scope);
    if (chained)
      leave();
  }
  const JinjaArguments given = arguments(filters, scope);
  run_.at(filters.place);
  return run_.failed() ? JinjaValue() : jinja_filter(run_, filters.name, first, given);
}

JinjaValue JinjaEvaluator::call(const JinjaValue& callee, JinjaArguments& arguments) {
  if (run_.failed())
    return {};
  if (const auto* function = callee.as<JinjaValue::Function>())
    return (*function)->call(run_, arguments);
  if (const auto* loop = callee.as<JinjaValue::Loop>()) {
    if (!(*loop)->recurse)
      return run_.fail("the loop must have the 'recursive' marker to be called recursively");
    const auto recurse = (*loop)->recurse;  // the call may leave the loop
    return recurse(run_, arguments);
  }
  if (callee.is_undefined())
    return jinja_fail_undefined(run_, callee);
  return run_.fail(std::string("'") + callee.type_name() + "' object is not callable");
}

}  // namespace nelumbo
