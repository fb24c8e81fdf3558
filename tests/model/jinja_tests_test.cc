// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_tests.h"

#include <gtest/gtest.h>

#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

TEST(JinjaTests, TellTypes) {
  expect_printed(
      {
          {"1 is number", "True"},
          {"true is number", "True"},
          {"true is integer", "False"},
          {"true is boolean", "True"},
          {"1.0 is float", "True"},
          {"'a' is string", "True"},
          {"'a' is sequence", "True"},
          {"{} is sequence", "True"},
          {"{} is mapping", "True"},
          {"[] is mapping", "False"},
          {"none is none", "True"},
          {"missing is defined", "False"},
          {"missing is undefined", "True"},
          {"missing is iterable", "True"},
          {"1 is iterable", "False"},
          {"[] is iterable", "True"},
          {"range(2) is sequence", "True"},
          {"d.items() is sequence", "False"},
          {"(d | items) is iterable", "True"},
          {"(d | items) is sequence", "False"},
          {"range is callable", "True"},
          {"1 is callable", "False"},
          {"true is true", "True"},
          {"1 is true", "False"},
          {"false is false", "True"},
      },
      nlohmann::ordered_json::parse(
          R"({"d": {"x": 1, "y": "two", "k": [1, 2]}, "s": "Hello, World", "m": [{"r": "user", "c": "hi", "n": 3}, {"r": "tool", "c": null, "n": 1}, {"r": "user", "c": "Ho", "n": 2, "q": {"v": 4}}]})"));
}

TEST(JinjaTests, Compare) {
  expect_printed({
      {"3 is odd", "True"},
      {"3 is even", "False"},
      {"9 is divisibleby 3", "True"},
      {"9 is divisibleby(2)", "False"},
      {"1 is eq 1", "True"},
      {"1 is equalto(2)", "False"},
      {"2 is gt 1", "True"},
      {"2 is lessthan 1", "False"},
      {"2 is in [1, 2]", "True"},
      {"1 is not in [1]", "False"},
      {"'a' is ne 'b'", "True"},
      {"none is sameas none", "True"},
      {"1 is sameas true", "False"},
      {"'upper' is filter", "True"},
      {"'nope' is filter", "False"},
      {"'odd' is test", "True"},
      {"'a' is escaped", "False"},
      {"1 is not none", "True"},
  });
}

TEST(JinjaTests, RefuseWhatTheyDoNotKnow) {
  EXPECT_EQ(rendered("{{ 1 is nope }}"), "refused: t:1:9: the test 'nope' is not supported");
  EXPECT_EQ(rendered("{{ [1] | select('nope') | list }}"),
            "failed: t:1:10: the test 'nope' is not supported");
  EXPECT_EQ(rendered("{% if false %}{{ 1 is nope }}{% endif %}"), "");
  EXPECT_EQ(rendered("{{ 1 is odd(2) }}"),
            "failed: t:1:9: odd() takes 0 arguments but 1 were given");
}

}  // namespace
}  // namespace nelumbo
