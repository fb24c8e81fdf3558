// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/jinja_operators.h"
#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

TEST(JinjaSlice, CutsTextsByCodePoint) {
  expect_printed(
      {
          {"s[1:4]", "ell"},
          {"s[::-1]", "dlroW ,olleH"},
          {"s[-3:]", "rld"},
          {"s[:-3]", "Hello, Wo"},
          {"s[::2]", "Hlo ol"},
          {"s[10:1:-3]", "lWo"},
          {"s[5:2]", ""},
          {"'Zé中😀'[1:3]", "é中"},
          {"'Zé中😀'[::-1]", "😀中éZ"},
          {"s[99:]", ""},
          {"s[-99:2]", "He"},
          {"''[::-1]", ""},
          {"s[none:3]", "Hel"},
          {"s[true:4]", "ell"},
      },
      nlohmann::ordered_json::parse(
          R"({"d": {"x": 1, "y": "two", "k": [1, 2]}, "s": "Hello, World", "m": [{"r": "user", "c": "hi", "n": 3}, {"r": "tool", "c": null, "n": 1}, {"r": "user", "c": "Ho", "n": 2, "q": {"v": 4}}]})"));
}

TEST(JinjaSlice, CutsListsTuplesAndRanges) {
  expect_printed(
      {
          {"[1, 2, 3][::-1]", "[3, 2, 1]"},
          {"[1, 2, 3][-2:]", "[2, 3]"},
          {"(1, 2, 3)[:2]", "(1, 2)"},
          {"range(10)[2:8:3] | list", "[2, 5]"},
          {"range(5)[::-1] | list", "[4, 3, 2, 1, 0]"},
          {"[1, 2, 3][0:3:9]", "[1]"},
          {"[1, 2, 3][::-9]", "[3]"},
          {"m[::-1] | map(attribute='n') | list", "[2, 1, 3]"},
          {"[1,2,3][5:0:-1]", "[3, 2]"},
      },
      nlohmann::ordered_json::parse(
          R"({"d": {"x": 1, "y": "two", "k": [1, 2]}, "s": "Hello, World", "m": [{"r": "user", "c": "hi", "n": 3}, {"r": "tool", "c": null, "n": 1}, {"r": "user", "c": "Ho", "n": 2, "q": {"v": 4}}]})"));
}

TEST(JinjaSlice, RefusesOddBounds) {
  EXPECT_EQ(rendered("{{ 'abc'[::0] }}"), "failed: t:1:9: slice step cannot be zero");
  EXPECT_EQ(rendered("{{ 'abc'['a':] }}"),
            "failed: t:1:9: slice indices must be integers or None or have an __index__ method");
  EXPECT_EQ(rendered("{{ {}[1:2] }}"), "failed: t:1:6: 'dict' object has no slices");
  EXPECT_EQ(rendered("{{ missing[:2] }}"), "failed: t:1:11: 'missing' is undefined");
  EXPECT_EQ(rendered("{{ [1, 2][::-9223372036854775807] }}"), "[2]");
}

}  // namespace
}  // namespace nelumbo
