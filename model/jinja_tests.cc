// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_tests.h"

#include <algorithm>
#include <array>

#include "model/jinja_arguments.h"
#include "model/jinja_arithmetic.h"
#include "model/jinja_case.h"
#include "model/jinja_filters.h"
#include "model/jinja_print.h"

namespace nelumbo {
namespace {

using Value = JinjaValue;
using Bound = JinjaBound;
using Op = JinjaOperator;

template <Op kOp>
bool compared(JinjaRun& run, const Value& value, const Bound& arguments) {
  return jinja_apply(run, kOp, value, arguments[0]).truth();
}

template <bool kWanted>
bool is_flag(JinjaRun& /*run*/, const Value& value, const Bound& /*arguments*/) {
  return value.as<bool>() != nullptr && *value.as<bool>() == kWanted;
}

template <class T>
bool is_a(JinjaRun& /*run*/, const Value& value, const Bound& /*arguments*/) {
  return value.as<T>() != nullptr;
}

template <bool kDefined>
bool is_defined(JinjaRun& /*run*/, const Value& value, const Bound& /*arguments*/) {
  return value.is_undefined() != kDefined;
}

bool is_number(JinjaRun& /*run*/, const Value& value, const Bound& /*arguments*/) {
  return value.is_number();
}

/// What has a length and elements by key.
bool is_sequence(JinjaRun& /*run*/, const Value& value, const Bound& /*arguments*/) {
  return value.is_text() || value.dict() != nullptr || value.indexable() != nullptr ||
         value.is_undefined();
}

bool is_iterable(JinjaRun& /*run*/, const Value& value, const Bound& /*arguments*/) {
  return value.is_text() || value.dict() != nullptr || value.is_undefined() ||
         value.as<Value::Sequence>() != nullptr || value.as<Value::Iterator>() != nullptr ||
         value.as<Value::Loop>() != nullptr;
}

bool is_callable(JinjaRun& /*run*/, const Value& value, const Bound& /*arguments*/) {
  return value.as<Value::Function>() != nullptr || value.as<Value::Loop>() != nullptr ||
         value.is_undefined();
}

bool is_same(JinjaRun& run, const Value& value, const Bound& arguments) {
  const Value& other = arguments[0];
  if (value.as<Value::Sequence>() != nullptr && other.as<Value::Sequence>() != nullptr)
    return *value.as<Value::Sequence>() == *other.as<Value::Sequence>();
  if (value.dict() != nullptr)
    return value.dict() == other.dict();
  return value.type_name() == std::string_view(other.type_name()) && jinja_equal(run, value, other);
}

bool is_divisible(JinjaRun& run, const Value& value, const Bound& arguments) {
  const Value rest = jinja_apply(run, Op::kModulo, value, arguments[0]);
  return !run.failed() && rest.is_number() && !rest.truth();
}

template <int kRest>
bool is_of_parity(JinjaRun& run, const Value& value, const Bound& /*arguments*/) {
  return jinja_equal(run, jinja_apply(run, Op::kModulo, value, Value::integer(2)),
                     Value::integer(kRest));
}

template <bool (*F)(std::string_view)>
bool asked(JinjaRun& run, const Value& value, const Bound& /*arguments*/) {
  const Value text = jinja_str(run, value);
  return run.scan(2 * std::ssize(text.text())) && F(text.text());
}

/// Whether a text is a name that `known` knows; fails on what cannot be looked up.
template <bool (*kKnown)(std::string_view)>
bool is_name(JinjaRun& run, const Value& value, const Bound& /*arguments*/) {
  if (!jinja_is_hashable(run, value))
    run.fail(std::string("unhashable type: '") + value.type_name() + "'");
  return value.is_text() && kKnown(value.text());
}

bool is_escaped(JinjaRun& /*run*/, const Value& /*value*/, const Bound& /*arguments*/) {
  return false;
}

struct Test {
  std::string_view name;
  std::string_view signature;
  bool (*ask)(JinjaRun&, const Value&, const Bound&);
};

constexpr std::array<Test, 39> kTests = {{
    {"!=", "other", compared<Op::kNotEqual>},
    {"<", "other", compared<Op::kLess>},
    {"<=", "other", compared<Op::kLessEqual>},
    {"==", "other", compared<Op::kEqual>},
    {">", "other", compared<Op::kGreater>},
    {">=", "other", compared<Op::kGreaterEqual>},
    {"boolean", "", is_a<bool>},
    {"callable", "", is_callable},
    {"defined", "", is_defined<true>},
    {"divisibleby", "num", is_divisible},
    {"eq", "other", compared<Op::kEqual>},
    {"equalto", "other", compared<Op::kEqual>},
    {"escaped", "", is_escaped},
    {"even", "", is_of_parity<0>},
    {"false", "", is_flag<false>},
    {"filter", "", is_name<jinja_has_filter>},
    {"float", "", is_a<double>},
    {"ge", "other", compared<Op::kGreaterEqual>},
    {"greaterthan", "other", compared<Op::kGreater>},
    {"gt", "other", compared<Op::kGreater>},
    {"in", "seq", compared<Op::kIn>},
    {"integer", "", is_a<int64_t>},
    {"iterable", "", is_iterable},
    {"le", "other", compared<Op::kLessEqual>},
    {"lessthan", "other", compared<Op::kLess>},
    {"lower", "", asked<is_lower>},
    {"lt", "other", compared<Op::kLess>},
    {"mapping", "", is_a<Value::Dict>},
    {"ne", "other", compared<Op::kNotEqual>},
    {"none", "", is_a<JinjaNone>},
    {"number", "", is_number},
    {"odd", "", is_of_parity<1>},
    {"sameas", "other", is_same},
    {"sequence", "", is_sequence},
    {"string", "", is_a<Value::Text>},
    {"test", "", is_name<jinja_has_test>},
    {"true", "", is_flag<true>},
    {"undefined", "", is_defined<false>},
    {"upper", "", asked<is_upper>},
}};

const Test* find_test(std::string_view name) {
  const auto* found = std::find_if(kTests.begin(), kTests.end(),
                                   [&](const Test& each) { return each.name == name; });
  return found != kTests.end() ? found : nullptr;
}

}  // namespace

bool jinja_has_test(std::string_view name) {
  return find_test(name) != nullptr;
}

bool jinja_test(JinjaRun& run, const std::string& name, const JinjaValue& value,
                const JinjaArguments& arguments) {
  const Test* test = find_test(name);
  if (test == nullptr) {
    run.fail("the test '" + name + "' is not supported");
    return false;
  }
  const auto bound = JinjaBound::bind(run, test->name, test->signature, arguments);
  return bound && run.spend() && test->ask(run, value, *bound);
}

}  // namespace nelumbo
