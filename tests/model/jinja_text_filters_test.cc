// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/jinja_filters.h"
#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

TEST(JinjaTextFilters, WorkOnTexts) {
  expect_printed({
      {"'  a ' | trim ~ '|'", "a|"},
      {"'xax' | trim('x')", "a"},
      {"1 | trim", "1"},
      {"'aXa' | replace('a', 'b', 1)", "bXa"},
      {"1212 | replace(2, 3)", "1313"},
      {"'a\\nb\\n\\nc' | indent", "a\n    b\n\n    c"},
      {"'a\\nb\\n\\nc' | indent(2, true, true)", "  a\n  b\n  \n  c"},
      {"'a\\nb' | indent('> ')", "a\n> b"},
      {"'a b, c' | wordcount", "3"},
      {"'<a href=\"x\">' | e", "&lt;a href=&#34;x&#34;&gt;"},
      {"'x' | center(5) ~ '|'", "  x  |"},
      {"'a' | safe", "a"},
      {"12 | string | length", "2"},
      {"none | string", "None"},
      {"true | lower", "true"},
      {"'ab' | upper | lower", "ab"},
  });
}

TEST(JinjaTextFilters, ReadNumbers) {
  expect_printed({
      {"'42' | int", "42"},
      {"' 42 ' | int", "42"},
      {"'4_2' | int", "42"},
      {"'x' | int", "0"},
      {"'x' | int(-1)", "-1"},
      {"'42.9' | int", "42"},
      {"'0x1F' | int(0, 16)", "31"},
      {"'ff' | int(base=16)", "255"},
      {"3.99 | int", "3"},
      {"true | int", "1"},
      {"none | int(5)", "5"},
      {"'1e3' | int", "1000"},
      {"'3.5' | float", "3.5"},
      {"'x' | float", "0.0"},
      {"'x' | float(1.5)", "1.5"},
      {"' -2.5e1 ' | float", "-25.0"},
      {"'inf' | float", "inf"},
      {"'1_0' | float", "10.0"},
      {"-5 | abs", "5"},
      {"-2.5 | abs", "2.5"},
      {"true | abs", "1"},
  });
}

TEST(JinjaTextFilters, SayWhatDoesNotFit) {
  EXPECT_EQ(rendered("{{ 'a' | abs }}"), "failed: t:1:10: bad operand type for abs(): 'str'");
  EXPECT_EQ(rendered("{{ [1] | indent }}"), "failed: t:1:10: indent() wants a str, not list");
  EXPECT_EQ(rendered("{{ 1 | round(0, 'odd') }}"),
            "failed: t:1:8: method must be common, ceil or floor");
  EXPECT_EQ(rendered("{{ missing | int }}"), "failed: t:1:14: int() of an undefined value");
  EXPECT_EQ(rendered("{{ 'a' | replace }}"),
            "failed: t:1:10: replace() missing a required argument: 'old'");
}

}  // namespace
}  // namespace nelumbo
