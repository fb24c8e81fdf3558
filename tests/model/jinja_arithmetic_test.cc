// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_arithmetic.h"

#include <gtest/gtest.h>

#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

TEST(JinjaArithmetic, FloorsTowardsMinusInfinityAsPythonDoes) {
  expect_printed({
      {"7 // 2", "3"},
      {"-7 // 2", "-4"},
      {"7 % -3", "-2"},
      {"-7 % 3", "2"},
      {"7.5 // 2", "3.0"},
      {"-7.5 % 2", "0.5"},
      {"7 / 2", "3.5"},
      {"6 / 3", "2.0"},
      {"1e300 * 10", "1e+301"},
      {"0.1 + 0.2", "0.30000000000000004"},
      {"true + 1", "2"},
      {"-4 % -3", "-1"},
      {"-0.5 // 3", "-1.0"},
      {"5.0 % -3", "-1.0"},
  });
}

TEST(JinjaArithmetic, RaisesToPowers) {
  expect_printed({
      {"2 ** 10", "1024"},
      {"2 ** -1", "0.5"},
      {"(-2) ** 3", "-8"},
      {"2.0 ** 0.5", "1.4142135623730951"},
      {"2 ** 3 ** 2", "64"},
      {"-2 ** 2", "4"},
      {"0 ** 0", "1"},
      {"2 ** 62", "4611686018427387904"},
      {"(-8) ** 1.0", "-8.0"},
  });
}

TEST(JinjaArithmetic, RoundsToEven) {
  expect_printed({
      {"2.5 | round", "2.0"},
      {"3.5 | round", "4.0"},
      {"2.675 | round(2)", "2.67"},
      {"1234 | round(-2)", "1200"},
      {"-1.5 | round", "-2.0"},
      {"1250 | round(-2)", "1200"},
      {"7 | round", "7"},
      {"42.55 | round(1, 'floor')", "42.5"},
      {"42.51 | round(1, 'ceil')", "42.6"},
      {"-0.4 | round", "-0.0"},
  });
}

TEST(JinjaArithmetic, RefusesWhatHasNoResult) {
  EXPECT_EQ(rendered("{{ 9223372036854775807 + 1 }}"), "failed: t:1:24: an integer leaves 64 bits");
  EXPECT_EQ(rendered("{{ 2 ** 63 }}"), "failed: t:1:6: an integer leaves 64 bits");
  EXPECT_EQ(rendered("{{ 1 // 0 }}"), "failed: t:1:6: division by zero");
  EXPECT_EQ(rendered("{{ 1 % 0 }}"), "failed: t:1:6: division by zero");
  EXPECT_EQ(rendered("{{ 1.5 / 0 }}"), "failed: t:1:8: division by zero");
  EXPECT_EQ(rendered("{{ 0 ** -1 }}"), "failed: t:1:6: zero cannot be raised to a negative power");
  EXPECT_EQ(rendered("{{ (-8) ** 0.5 }}"),
            "failed: t:1:9: a power of a negative number is complex, which is not supported");
  EXPECT_EQ(rendered("{{ (-9223372036854775807 - 1) // -1 }}"),
            "failed: t:1:31: an integer leaves 64 bits");
  EXPECT_EQ(rendered("{{ (-9223372036854775807 - 1) | round(-1) }}"),
            "failed: t:1:33: an integer leaves 64 bits");
}

}  // namespace
}  // namespace nelumbo
