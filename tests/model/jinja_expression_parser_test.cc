// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_expression_parser.h"

#include <gtest/gtest.h>

#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

TEST(JinjaExpressionParser, BindsOperatorsAsJinjaDoes) {
  expect_printed({
      {"1 + 2 * 3", "7"},
      {"2 ** 3 ** 2", "64"},
      {"-2 ** 2", "4"},
      {"1 ~ 2 + 3", "failed: t:1:10: can only concatenate str (not \"int\") to str"},
      {"not 1 == 2", "True"},
      {"1 if 0 else 2 if 0 else 3", "3"},
      {"1 or 0 and 0", "1"},
      {"1 + 1 | string ~ 'x'", "failed: t:1:6: unsupported operand type(s) for +: 'int' and 'str'"},
      {"'a' 'b' \"c\"", "abc"},
      {"1, 2", "(1, 2)"},
      {"(1,)", "(1,)"},
      {"()", "()"},
      {"[1, 2,]", "[1, 2]"},
      {"{'a': 1,}", "{'a': 1}"},
      {"1 not in [1]", "False"},
      {"True and None is none", "True"},
  });
}

TEST(JinjaExpressionParser, NamesWhatIsMalformedAndWhere) {
  EXPECT_EQ(rendered("a\n {{ 1 + }}"),
            "refused: t:2:9: expected an expression, got the end of the tag");
  EXPECT_EQ(rendered("{{ }}"), "refused: t:1:4: expected an expression, got the end of the tag");
  EXPECT_EQ(rendered("{{ a b }}"), "refused: t:1:6: expected the end of the tag, got 'b'");
  EXPECT_EQ(rendered("{{ {1 2} }}"), "refused: t:1:7: expected ':', got '2'");
  EXPECT_EQ(rendered("{{ [1 2] }}"), "refused: t:1:7: expected ',', got '2'");
}

TEST(JinjaExpressionParser, BoundsNesting) {
  const std::string deep = "refused: t:1:";
  const auto repeated = [](const std::string& part, int times) {
    std::string text;
    for (int i = 0; i < times; ++i)
      text += part;
    return text;
  };
  for (const char* open : {"(", "[", "-", "not ", "{1: ", "a[", "f(", "1 if ("})
    EXPECT_EQ(rendered("{{ " + repeated(open, 100'000)).substr(0, 13), deep) << open;
  for (const char* more : {" + 1", ".a", "|upper", " and 1", "[0]", "()", " if 1", " ** 1"})
    EXPECT_EQ(rendered("{{ 1" + repeated(more, 50'000) + " }}").substr(0, 13), deep) << more;
  EXPECT_EQ(rendered("{{ 1" + repeated(" + 1", 150) + " }}"), "151");
  EXPECT_EQ(rendered("{{ ''" + repeated(" ~ 1", 30'000) + " }}").size(), 30'000U);
}

}  // namespace
}  // namespace nelumbo
