// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_print.h"

#include <gtest/gtest.h>

#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

TEST(JinjaPrint, WritesValuesAsPythonDoes) {
  expect_printed(
      {
          {"none", "None"},
          {"true", "True"},
          {"[1, 'a', none, true, 1.5]", "[1, 'a', None, True, 1.5]"},
          {"{'a': [1], 2: (1,)}", "{'a': [1], 2: (1,)}"},
          {"()", "()"},
          {"(1, 'b')", "(1, 'b')"},
          {"missing", ""},
          {"[missing]", "[Undefined]"},
          {"1.0", "1.0"},
          {"1e16", "1e+16"},
          {"1e-5", "1e-05"},
          {"123456789.125", "123456789.125"},
          {"1e15", "1000000000000000.0"},
          {"0.00012", "0.00012"},
          {"-0.0", "-0.0"},
          {"1e100", "1e+100"},
          {"range(3)", "range(0, 3)"},
          {"range(0, 9, 2)", "range(0, 9, 2)"},
          {"d.keys()", "dict_keys(['x', 'y', 'k'])"},
          {"d.values()", "dict_values([1, 'two', [1, 2]])"},
          {"d.items()", "dict_items([('x', 1), ('y', 'two'), ('k', [1, 2])])"},
          {"{}", "{}"},
          {"namespace(a=1)", "<Namespace {'a': 1}>"},
      },
      nlohmann::ordered_json::parse(
          R"({"d": {"x": 1, "y": "two", "k": [1, 2]}, "s": "Hello, World", "m": [{"r": "user", "c": "hi", "n": 3}, {"r": "tool", "c": null, "n": 1}, {"r": "user", "c": "Ho", "n": 2, "q": {"v": 4}}]})"));
}

TEST(JinjaPrint, QuotesTextsInsideOfOthers) {
  expect_printed({
      {"[\"it's\"]", "[\"it's\"]"},
      {"[\"say \\\"x\\\"\"]", "['say \"x\"']"},
      {"[\"'\\\"\"]", "['\\'\"']"},
      {"['\\n\\t\\\\']", "['\\n\\t\\\\']"},
      {"['é中😀']", "['é中😀']"},
      {"['\\x07\\x7f\\u200b\\xad']", "['\\x07\\x7f\\u200b\\xad']"},
  });
}

TEST(JinjaPrint, WritesJsonAsTransformersDoes) {
  expect_printed({
      {"{'b': 1, 'a': [true, none, 1.5, '<&>é\"']} | tojson",
       "{\"b\": 1, \"a\": [true, null, 1.5, \"<&>é\\\"\"]}"},
      {"{'b': 1, 'a': 2} | tojson(sort_keys=true)", "{\"a\": 2, \"b\": 1}"},
      {"[1, [2, {'a': []}], {}] | tojson(indent=2)",
       "[\n  1,\n  [\n    2,\n    {\n      \"a\": []\n    }\n  ],\n  {}\n]"},
      {"{'a': 1} | tojson(separators=(',', ':'))", "{\"a\":1}"},
      {"'é😀' | tojson(ensure_ascii=true)", "\"\\u00e9\\ud83d\\ude00\""},
      {"{1: 2, none: 3, true: 4, 2.5: 1} | tojson", "{\"1\": 4, \"null\": 3, \"2.5\": 1}"},
      {"(1, 2) | tojson", "[1, 2]"},
      {"'a\\n\\t\\x01\\x7f/' | tojson", "\"a\\n\\t\\u0001/\""},
      {"[1, 2] | tojson(indent=0)", "[\n1,\n2\n]"},
      {"[1] | tojson(indent='--')", "[\n--1\n]"},
      {"1e400 | tojson", "Infinity"},
  });
}

TEST(JinjaPrint, RefusesWhatHasNoText) {
  EXPECT_EQ(rendered("{{ missing | tojson }}"),
            "failed: t:1:14: Object of type Undefined is not JSON serializable");
  EXPECT_EQ(rendered("{{ {(1, 2): 3} | tojson }}"),
            "failed: t:1:18: keys must be str, int, float, bool or None, not tuple");
  EXPECT_EQ(
      rendered("{{ [1] | map('string') }}"),
      "failed: t:1:1: a generator has no text that means anything; a call or |list may be missing");
  EXPECT_EQ(
      rendered("{{ range }}"),
      "failed: t:1:1: a function has no text that means anything; a call or |list may be missing");
  EXPECT_EQ(rendered("{% set ns = namespace() %}{% set ns.me = ns %}{{ ns }}"),
            "failed: t:1:47: a namespace that holds itself cannot be printed");
}

}  // namespace
}  // namespace nelumbo
