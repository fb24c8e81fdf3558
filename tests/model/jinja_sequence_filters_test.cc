// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/jinja_filters.h"
#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

TEST(JinjaSequenceFilters, Sort) {
  expect_printed(
      {
          {"[3, 1, 2] | sort", "[1, 2, 3]"},
          {"['b', 'A', 'c'] | sort", "['A', 'b', 'c']"},
          {"['b', 'A', 'c'] | sort(case_sensitive=true)", "['A', 'b', 'c']"},
          {"[3, 1, 2] | sort(reverse=true)", "[3, 2, 1]"},
          {"m | sort(attribute='n') | map(attribute='n') | list", "[1, 2, 3]"},
          {"m | sort(attribute='r,n') | map(attribute='n') | list", "[1, 2, 3]"},
          {"{'b': 1, 'A': 2} | dictsort", "[('A', 2), ('b', 1)]"},
          {"{'b': 1, 'a': 2} | dictsort(by='value')", "[('b', 1), ('a', 2)]"},
          {"{'b': 1, 'a': 2} | dictsort(reverse=true)", "[('b', 1), ('a', 2)]"},
          {"[none, none] | sort", "[None, None]"},
          {"m | groupby('r') | list",
           "[('tool', [{'r': 'tool', 'c': None, 'n': 1}]), ('user', [{'r': 'user', 'c': 'hi', 'n': "
           "3}, {'r': 'user', 'c': 'Ho', 'n': 2, 'q': {'v': 4}}])]"},
      },
      nlohmann::ordered_json::parse(
          R"({"d": {"x": 1, "y": "two", "k": [1, 2]}, "s": "Hello, World", "m": [{"r": "user", "c": "hi", "n": 3}, {"r": "tool", "c": null, "n": 1}, {"r": "user", "c": "Ho", "n": 2, "q": {"v": 4}}]})"));
}

TEST(JinjaSequenceFilters, Reduce) {
  expect_printed(
      {
          {"[1, 2] | sum", "3"},
          {"m | sum(attribute='n')", "6"},
          {"[1] | sum(start=5)", "6"},
          {"[3, 1] | min", "1"},
          {"['b', 'A'] | max", "b"},
          {"[] | min", ""},
          {"m | min(attribute='n')", "{'r': 'tool', 'c': None, 'n': 1}"},
          {"[1, 2] | first", "1"},
          {"[1, 2] | last", "2"},
          {"[] | first", ""},
          {"'abc' | last", "c"},
          {"[1, 2] | join('-')", "1-2"},
          {"m | join(',', attribute='n')", "3,1,2"},
          {"'ab' | join('.')", "a.b"},
          {"[1, none] | join", "1None"},
          {"'é😀' | length", "2"},
          {"d | length", "3"},
          {"range(9) | count", "9"},
      },
      nlohmann::ordered_json::parse(
          R"({"d": {"x": 1, "y": "two", "k": [1, 2]}, "s": "Hello, World", "m": [{"r": "user", "c": "hi", "n": 3}, {"r": "tool", "c": null, "n": 1}, {"r": "user", "c": "Ho", "n": 2, "q": {"v": 4}}]})"));
}

TEST(JinjaSequenceFilters, Rearrange) {
  expect_printed(
      {
          {"'ab' | list", "['a', 'b']"},
          {"d | list", "['x', 'y', 'k']"},
          {"[1, 'A', 'a', 1.0, 2] | unique | list", "[1, 'A', 2]"},
          {"['b', 'B'] | unique(true) | list", "['b', 'B']"},
          {"'abc' | reverse", "cba"},
          {"[1, 2] | reverse | list", "[2, 1]"},
          {"[1, 2, 3] | batch(2) | list", "[[1, 2], [3]]"},
          {"[1, 2, 3] | batch(2, 'x') | list", "[[1, 2], [3, 'x']]"},
          {"d | items | list", "[('x', 1), ('y', 'two'), ('k', [1, 2])]"},
          {"missing | items | list", "[]"},
      },
      nlohmann::ordered_json::parse(
          R"({"d": {"x": 1, "y": "two", "k": [1, 2]}, "s": "Hello, World", "m": [{"r": "user", "c": "hi", "n": 3}, {"r": "tool", "c": null, "n": 1}, {"r": "user", "c": "Ho", "n": 2, "q": {"v": 4}}]})"));
}

TEST(JinjaSequenceFilters, FallBackOnDefaults) {
  expect_printed({
      {"missing | default('d')", "d"},
      {"none | default('d')", "None"},
      {"'' | default('d', true)", "d"},
      {"missing | d", ""},
      {"0 | d(1, boolean=true)", "1"},
  });
}

TEST(JinjaSequenceFilters, SayWhatDoesNotFit) {
  EXPECT_EQ(rendered("{{ [1, 'a'] | sort }}"),
            "failed: t:1:15: '<' not supported between instances of 'str' and 'int'");
  EXPECT_EQ(rendered("{{ 1 | list }}"), "failed: t:1:8: 'int' object is not iterable");
  EXPECT_EQ(rendered("{{ [1] | items | list }}"),
            "failed: t:1:10: Can only get item pairs from a mapping.");
  EXPECT_EQ(rendered("{{ [[]] | unique | list }}"), "failed: t:1:11: unhashable type: 'list'");
  EXPECT_EQ(rendered("{{ ([1] | map('string')) | last }}"),
            "failed: t:1:28: 'generator' object is not reversible");
}

}  // namespace
}  // namespace nelumbo
