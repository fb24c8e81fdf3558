// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_attributes.h"

#include <gtest/gtest.h>

#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

TEST(JinjaAttributes, PreferMethodsBehindADotAndKeysInBrackets) {
  expect_printed(
      {
          {"d.x", "1"},
          {"d['x']", "1"},
          {"d.items() | list", "[('x', 1), ('y', 'two'), ('k', [1, 2])]"},
          {"d.get('x')", "1"},
          {"d.get('z')", "None"},
          {"d.get('z', 5)", "5"},
          {"o['items']", "1"},
          {"o.items() | length", "1"},
          {"m[0].r", "user"},
          {"m[-1]['c']", "Ho"},
          {"m.0.c", "hi"},
          {"d.k.1", "2"},
          {"s[0]", "H"},
          {"s[-1]", "d"},
          {"[1, 2].index(2)", "1"},
          {"(1, 2, 1).count(1)", "2"},
          {"d.nope is defined", "False"},
          {"m[9] is defined", "False"},
          {"s['upper']()", "HELLO, WORLD"},
          {"2.0.is_integer()", "True"},
          {"1e300.is_integer()", "True"},
          {"(1e300 * 1e300).is_integer()", "False"},
      },
      nlohmann::ordered_json::parse(
          R"({"d": {"x": 1, "y": "two", "k": [1, 2]}, "s": "Hello, World", "m": [{"r": "user", "c": "hi", "n": 3}, {"r": "tool", "c": null, "n": 1}, {"r": "user", "c": "Ho", "n": 2, "q": {"v": 4}}], "o": {"items": 1}})"));
}

TEST(JinjaAttributes, FollowPathsOfFilters) {
  expect_printed(
      {
          {"m | map(attribute='q.v', default='-') | list", "['-', '-', 4]"},
          {"[[1, 2], [3, 4]] | map(attribute=1) | list", "[2, 4]"},
          {"[{'a': [5, 6]}] | map(attribute='a.0') | list", "[5]"},
          {"m | selectattr('q') | list | length", "1"},
      },
      nlohmann::ordered_json::parse(
          R"({"d": {"x": 1, "y": "two", "k": [1, 2]}, "s": "Hello, World", "m": [{"r": "user", "c": "hi", "n": 3}, {"r": "tool", "c": null, "n": 1}, {"r": "user", "c": "Ho", "n": 2, "q": {"v": 4}}]})"));
}

TEST(JinjaAttributes, RefuseWhatTheSandboxRefuses) {
  EXPECT_EQ(rendered("{{ ''.__class__.__mro__ }}"),
            "failed: t:1:16: access to attribute '__class__' of 'str' object is unsafe.");
  EXPECT_EQ(rendered("{{ ''['__class__']() }}"),
            "failed: t:1:19: access to attribute '__class__' of 'str' object is unsafe.");
  EXPECT_EQ(rendered("{{ [].append(1) }}"),
            "failed: t:1:13: access to attribute 'append' of 'list' object is unsafe.");
  EXPECT_EQ(rendered("{{ {}.update({}) }}"),
            "failed: t:1:13: access to attribute 'update' of 'dict' object is unsafe.");
  EXPECT_EQ(rendered("{{ {}.pop('a') }}"),
            "failed: t:1:10: access to attribute 'pop' of 'dict' object is unsafe.");
  EXPECT_EQ(rendered("{{ ([{}] | map(attribute='__class__') | first)() }}"),
            "failed: t:1:47: access to attribute '__class__' of 'dict' object is unsafe.");
  EXPECT_EQ(rendered("{{ ''.__class__ }}"), "");
}

TEST(JinjaAttributes, NameWhatIsUndefined) {
  EXPECT_EQ(rendered("{{ a.b }}"), "failed: t:1:5: 'a' is undefined");
  EXPECT_EQ(rendered("{{ {}.a.b }}"), "failed: t:1:8: 'dict object' has no attribute 'a'");
  EXPECT_EQ(rendered("{{ [1][3].x }}"), "failed: t:1:10: list object has no element 3");
  EXPECT_EQ(rendered("{{ none.x.y }}"), "failed: t:1:10: 'None' has no attribute 'x'");
}

}  // namespace
}  // namespace nelumbo
