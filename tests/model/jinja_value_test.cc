// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_value.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "model/jinja_run.h"

namespace nelumbo {
namespace {

using Value = JinjaValue;

TEST(JinjaValue, ComparesNumbersExactlyAcrossTypes) {
  constexpr int64_t kLarge = 9007199254740993;  // 2^53 + 1, which no double is
  EXPECT_EQ(jinja_compare_numbers(Value::integer(kLarge), Value::real(9007199254740992.0)), 1);
  EXPECT_EQ(jinja_compare_numbers(Value::integer(1), Value::real(1)), 0);
  EXPECT_EQ(jinja_compare_numbers(Value::boolean(true), Value::integer(2)), -1);
  EXPECT_EQ(jinja_compare_numbers(Value::integer(std::numeric_limits<int64_t>::max()),
                                  Value::real(0x1p63)),
            -1);
}

TEST(JinjaValue, OrdersKeysSuchThatEqualOnesAreOne) {
  JinjaRun run((JinjaLimits()));
  const auto order = [&](const Value& a, const Value& b) { return jinja_key_order(run, a, b); };
  EXPECT_EQ(order(Value::integer(1), Value::boolean(true)), 0);
  EXPECT_EQ(order(Value::real(1), Value::integer(1)), 0);
  EXPECT_NE(order(Value::integer(1), run.text("1")), 0);
  EXPECT_LT(order(run.text("a"), run.text("b")), 0);
  EXPECT_EQ(order(Value::none(), Value::none()), 0);
  EXPECT_EQ(order(Value::real(std::nan("")), Value::real(std::nan(""))), 0);
  EXPECT_LT(order(run.tuple({Value::integer(1)}), run.tuple({Value::integer(1), Value::none()})),
            0);
}

TEST(JinjaValue, FindsEveryKeyOfADict) {
  JinjaRun run((JinjaLimits()));
  std::vector<std::pair<Value, Value>> entries;
  for (int64_t i = 0; i < 100; ++i)
    entries.emplace_back(run.text(std::to_string(i * 37 % 100)), Value::integer(i));
  entries.emplace_back(Value::integer(5), Value::integer(-5));
  const Value dict = run.dict(std::move(entries));
  for (int64_t i = 0; i < 100; ++i) {
    const std::string key = std::to_string(i * 37 % 100);
    ASSERT_NE(jinja_find(*dict.dict(), key), nullptr);
    EXPECT_EQ(*jinja_find(*dict.dict(), key)->as<int64_t>(), i);
    EXPECT_EQ(jinja_find(run, *dict.dict(), run.text(key)), jinja_find(*dict.dict(), key));
  }
  EXPECT_EQ(*jinja_find(run, *dict.dict(), Value::real(5))->as<int64_t>(), -5);
  EXPECT_EQ(jinja_find(*dict.dict(), "100"), nullptr);
  EXPECT_EQ(jinja_find(run, *dict.dict(), Value::none()), nullptr);
}

TEST(JinjaValue, IsTrueAsInPython) {
  JinjaRun run((JinjaLimits()));
  for (const Value& value : {Value(), Value::none(), Value::integer(0), Value::real(0),
                             Value::boolean(false), run.text(""), run.list({}), run.dict({})})
    EXPECT_FALSE(value.truth()) << value.type_name();
  for (const Value& value : {Value::integer(-1), Value::real(0.5), run.text("0"),
                             run.tuple({Value()}), run.iterator({}), run.make_namespace()})
    EXPECT_TRUE(value.truth()) << value.type_name();
}

}  // namespace
}  // namespace nelumbo
