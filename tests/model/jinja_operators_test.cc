// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_operators.h"

#include <gtest/gtest.h>

#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

TEST(JinjaOperators, CompareAsPythonDoes) {
  expect_printed({
      {"1 == 1.0", "True"},
      {"true == 1", "True"},
      {"'a' < 'b'", "True"},
      {"'Z' < 'a'", "True"},
      {"[1, 2] < [1, 3]", "True"},
      {"(1,) < (1, 0)", "True"},
      {"[1] == (1,)", "False"},
      {"{'a': 1, 'b': 2} == {'b': 2, 'a': 1}", "True"},
      {"none == none", "True"},
      {"missing == missing2", "True"},
      {"1 < 2 < 3", "True"},
      {"1 < 3 < 2", "False"},
      {"9007199254740993 == 9007199254740992.0", "False"},
      {"range(3) == range(3)", "True"},
      {"1 != 'a'", "True"},
  });
}

TEST(JinjaOperators, FindWhatIsInside) {
  expect_printed(
      {
          {"'ell' in 'hello'", "True"},
          {"2 in [1, 2]", "True"},
          {"'x' in {'x': 1}", "True"},
          {"1.0 in {1: 2}", "True"},
          {"'q' not in d", "True"},
          {"3 in range(4)", "True"},
          {"'a' in missing", "False"},
          {"1 in (2, 3)", "False"},
          {"d.x in [1, 5]", "True"},
      },
      nlohmann::ordered_json::parse(
          R"({"d": {"x": 1, "y": "two", "k": [1, 2]}, "s": "Hello, World", "m": [{"r": "user", "c": "hi", "n": 3}, {"r": "tool", "c": null, "n": 1}, {"r": "user", "c": "Ho", "n": 2, "q": {"v": 4}}]})"));
}

TEST(JinjaOperators, AddAndRepeat) {
  expect_printed({
      {"'ab' + 'c'", "abc"},
      {"[1] + [2]", "[1, 2]"},
      {"(1,) + (2,)", "(1, 2)"},
      {"'ab' * 2", "abab"},
      {"3 * [0]", "[0, 0, 0]"},
      {"'x' * -1", ""},
      {"1 ~ 'a' ~ none ~ 2.0", "1aNone2.0"},
      {"'%s-%03d' % ('a', 7)", "a-007"},
  });
}

TEST(JinjaOperators, SayWhyTheyCannot) {
  EXPECT_EQ(rendered("{{ 1 + 'a' }}"),
            "failed: t:1:6: unsupported operand type(s) for +: 'int' and 'str'");
  EXPECT_EQ(rendered("{{ 'a' + 1 }}"),
            "failed: t:1:8: can only concatenate str (not \"int\") to str");
  EXPECT_EQ(rendered("{{ 1 < 'a' }}"),
            "failed: t:1:4: '<' not supported between instances of 'int' and 'str'");
  EXPECT_EQ(rendered("{{ 1 in 'a' }}"),
            "failed: t:1:4: 'in <string>' requires string as left operand, not int");
  EXPECT_EQ(rendered("{{ 1 in 2 }}"), "failed: t:1:4: argument of type 'int' is not iterable");
  EXPECT_EQ(rendered("{{ missing + 1 }}"), "failed: t:1:12: 'missing' is undefined");
  EXPECT_EQ(rendered("{{ none | length }}"),
            "failed: t:1:11: object of type 'NoneType' has no len()");
  EXPECT_EQ(rendered("{{ -'a' }}"), "failed: t:1:4: bad operand type for unary -: 'str'");
}

TEST(JinjaOperators, SortKeepsEqualItemsInOrderBothWays) {
  JinjaRun run((JinjaLimits()));
  std::vector<std::pair<int, char>> items = {{2, 'a'}, {1, 'b'}, {2, 'c'}, {1, 'd'}, {3, 'e'}};
  const auto key = [](const auto& item) { return JinjaValue::integer(item.first); };
  auto forwards = items;
  jinja_sort(run, forwards, false, key);
  EXPECT_EQ(forwards, (decltype(items){{1, 'b'}, {1, 'd'}, {2, 'a'}, {2, 'c'}, {3, 'e'}}));
  jinja_sort(run, items, true, key);
  EXPECT_EQ(items, (decltype(items){{3, 'e'}, {2, 'a'}, {2, 'c'}, {1, 'b'}, {1, 'd'}}));
}

}  // namespace
}  // namespace nelumbo
