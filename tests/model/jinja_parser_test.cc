// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_parser.h"

#include <gtest/gtest.h>

#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

TEST(JinjaParser, NamesTagsThatAreNotSupported) {
  for (const char* tag : {"include 'a'", "extends 'a'", "import 'a' as b", "block b", "do f()",
                          "autoescape true", "trans", "print 1", "debug"}) {
    const std::string word = std::string(tag).substr(0, std::string(tag).find(' '));
    EXPECT_EQ(rendered(std::string("\n {% ") + tag + " %}"),
              "refused: t:2:5: the tag '" + word + "' is not expected here or not supported");
  }
}

TEST(JinjaParser, NamesWhatIsMalformedAndWhere) {
  EXPECT_EQ(rendered("{% if 1 %}a"), "refused: t:1:12: the template ends where 'endif' is missing");
  EXPECT_EQ(rendered("{% for a in b %}{% endif %}"),
            "refused: t:1:20: the tag 'endif' is not expected here or not supported");
  EXPECT_EQ(rendered("{% endif %}"),
            "refused: t:1:4: the tag 'endif' is not expected here or not supported");
  EXPECT_EQ(rendered("{% %}"),
            "refused: t:1:4: expected the name of a tag, got the end of the tag");
  EXPECT_EQ(rendered("{% if 1 %}{% else %}{% else %}{% endif %}"),
            "refused: t:1:24: the tag 'else' is not expected here or not supported");
  EXPECT_EQ(rendered("{% macro f(a=1, b) %}{% endmacro %}"),
            "refused: t:1:17: non-default argument follows default argument");
  EXPECT_EQ(rendered("{% for loop in a %}{% endfor %}"),
            "refused: t:1:8: can't assign to the variable 'loop' of the loop");
  EXPECT_EQ(rendered("{% call 1 %}{% endcall %}"), "refused: t:1:4: expected call");
  EXPECT_EQ(rendered("{% macro f() %}{{ varargs }}{% endmacro %}"),
            "refused: t:1:4: varargs and kwargs of macros are not supported");
}

TEST(JinjaParser, LeavesLoopsFromTheirBodiesAlone) {
  EXPECT_EQ(rendered("{% break %}"), "refused: t:1:4: 'break' outside loop");
  EXPECT_EQ(rendered("{% for a in b %}{% macro m() %}{% continue %}{% endmacro %}{% endfor %}"),
            "refused: t:1:35: 'continue' outside loop");
  EXPECT_EQ(rendered("{% for a in b %}{% generation %}{% break %}{% endgeneration %}{% endfor %}"),
            "refused: t:1:36: 'break' outside loop");
}

TEST(JinjaParser, BoundsNestingAndSize) {
  std::string blocks;
  for (int i = 0; i < 10'000; ++i)
    blocks += "{% if 1 %}";
  EXPECT_EQ(rendered(blocks), "refused: t:1:501: more than 50 levels of blocks");
  EXPECT_EQ(rendered(std::string(2'000'000, 'a')),
            "refused: t:1:1: a template has more than 131072 bytes");
}

}  // namespace
}  // namespace nelumbo
