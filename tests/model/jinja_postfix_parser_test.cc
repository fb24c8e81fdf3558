// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/jinja_expression_parser.h"
#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

TEST(JinjaPostfixParser, ChainsWhatStandsBehindAnExpression) {
  expect_printed({
      {"{'a': [1, {'b': 'xyz'}]}.a[1]['b'][1:].upper() | lower | length", "2"},
      {"'a,b'.split(',')[0]", "a"},
      {"[[1, 2], 3].0.1", "2"},
      {"1 is odd and 2 is not odd", "True"},
      {"4 is divisibleby 2 or false", "True"},
      {"'x' is in ['x']", "True"},
      {"-1 | abs", "1"},
      {"'%s' | format(1,)", "1"},
      {"('a' | upper) ~ 'b'", "Ab"},
  });
}

TEST(JinjaPostfixParser, NamesWhatIsMalformedAndWhere) {
  EXPECT_EQ(rendered("{{ a. }}"), "refused: t:1:7: expected a name, got the end of the tag");
  EXPECT_EQ(rendered("{{ a[] }}"), "refused: t:1:6: a subscript must be one expression or a slice");
  EXPECT_EQ(rendered("{{ a[1, 2] }}"),
            "refused: t:1:7: a subscript must be one expression or a slice");
  EXPECT_EQ(rendered("{{ f(*a) }}"), "refused: t:1:6: unpacking of arguments is not supported");
  EXPECT_EQ(rendered("{{ f(a=1, 2) }}"),
            "refused: t:1:11: a positional argument stands behind one with a name");
  EXPECT_EQ(rendered("{{ a | }}"), "refused: t:1:8: expected a name, got the end of the tag");
  EXPECT_EQ(rendered("{{ 1 is odd is even }}"),
            "refused: t:1:13: tests cannot be chained with 'is'");
  EXPECT_EQ(rendered("{% set true = 1 %}"), "refused: t:1:8: can't assign to 'true'");
  EXPECT_EQ(rendered("{% for a.b in c %}{% endfor %}"), "refused: t:1:9: expected 'in', got '.'");
}

TEST(JinjaPostfixParser, BoundsTheArgumentsOfACall) {
  std::string names = "'map'";
  for (int i = 0; i < 1000; ++i)
    names += ", 'map'";
  EXPECT_EQ(rendered("{{ 'a' | map(" + names + ") }}"),
            "refused: t:1:13: a call has more than 100 arguments");
}

}  // namespace
}  // namespace nelumbo
