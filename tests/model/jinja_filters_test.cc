// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_filters.h"

#include <gtest/gtest.h>

#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

TEST(JinjaFilters, MapAndSelect) {
  expect_printed(
      {
          {"['a', 'b'] | map('upper') | join", "AB"},
          {"m | map(attribute='r') | list", "['user', 'tool', 'user']"},
          {"['1', 'x'] | map('int', default=7) | list", "[1, 7]"},
          {"[1, none, 2] | select | list", "[1, 2]"},
          {"[1, 2, 3] | select('odd') | list", "[1, 3]"},
          {"[1, 2, 3] | reject('gt', 1) | list", "[1]"},
          {"m | selectattr('r', 'equalto', 'user') | map(attribute='c') | join(' ')", "hi Ho"},
          {"m | rejectattr('c', 'none') | list | length", "2"},
          {"m | selectattr('n', 'in', [1, 3]) | list | length", "2"},
          {"none | map('upper') | list", "[]"},
          {"[[1, 2], [3]] | map('sum') | list", "[3, 3]"},
      },
      nlohmann::ordered_json::parse(
          R"({"d": {"x": 1, "y": "two", "k": [1, 2]}, "s": "Hello, World", "m": [{"r": "user", "c": "hi", "n": 3}, {"r": "tool", "c": null, "n": 1}, {"r": "user", "c": "Ho", "n": 2, "q": {"v": 4}}]})"));
}

TEST(JinjaFilters, RefuseWhatTheyDoNotKnow) {
  EXPECT_EQ(rendered("{{ 1 | nope }}"), "refused: t:1:8: the filter 'nope' is not supported");
  EXPECT_EQ(rendered("{{ [1] | map('nope') | list }}"),
            "failed: t:1:10: the filter 'nope' is not supported");
  EXPECT_EQ(rendered("{% if false %}{{ 1 | nope }}{% endif %}"), "");
  EXPECT_EQ(rendered("{{ 1 if true else 2 | nope }}"), "1");
  EXPECT_EQ(rendered("{{ 2 | nope if true else 1 }}"),
            "failed: t:1:8: the filter 'nope' is not supported");
  EXPECT_EQ(rendered("{{ [1] | map() }}"),
            "failed: t:1:10: the first argument must be the name of a filter");
  EXPECT_EQ(rendered("{{ [1] | map(fish=1) | list }}"),
            "failed: t:1:10: map() takes attribute and default, or the name of a filter");
  EXPECT_EQ(rendered("{{ [1] | selectattr() | list }}"),
            "failed: t:1:10: Missing parameter for attribute name");
}

TEST(JinjaFilters, YieldsWhatCanBeGoneThroughOnce) {
  EXPECT_EQ(
      rendered("{% set g = [1, 2] | map('string') %}{{ g | first }}{{ g | list }}{{ g | list }}"),
      "1['2'][]");
}

}  // namespace
}  // namespace nelumbo
