// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_lexer.h"

#include <gtest/gtest.h>

#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

using Kind = JinjaToken::Kind;

std::string refusal(const std::string& source) {
  const auto tokens = jinja_tokens(source);
  return tokens.ok() ? "accepted" : tokens.error().message;
}

TEST(JinjaLexer, SaysWhereEachTokenStands) {
  const auto tokens = jinja_tokens("é{{ a\n  ** 1.5 }}");
  ASSERT_TRUE(tokens.ok());
  const std::vector<JinjaToken>& all = tokens.value();
  ASSERT_EQ(all.size(), 7U);
  EXPECT_EQ(all[0].kind, Kind::kText);
  EXPECT_EQ(all[2].place.column, 5) << "columns count code points";
  EXPECT_TRUE(all[3].is_sign("**"));
  EXPECT_EQ(all[3].place.line, 2);
  EXPECT_EQ(all[3].place.column, 3);
  EXPECT_EQ(all[4].real, 1.5);
  EXPECT_EQ(all[6].kind, Kind::kEnd);
}

TEST(JinjaLexer, BoundsTheLengthOfNames) {
  EXPECT_EQ(refusal("{{ " + std::string(1000, 'a') + " }}"), "accepted");
  EXPECT_EQ(refusal("{{ " + std::string(1001, 'a') + " }}"),
            "1:4: a name has more than 1000 bytes");
}

TEST(JinjaLexer, StripsWhiteSpaceAsTransformersSetsJinjaUp) {
  // Expected values are jinja2's with trim_blocks and lstrip_blocks.
  EXPECT_EQ(rendered("  {% if true %}\n  a\n  {% endif %}\n  b\n"), "  a\n  b");
  EXPECT_EQ(rendered("a  {% if true %} b {% endif %}\n\nc"), "a   b \nc");
  EXPECT_EQ(rendered("a \n {%- if true -%} \n b \n {%- endif -%} \n c"), "abc");
  EXPECT_EQ(rendered("  {%+ if true +%}\na{% endif +%}\nb"), "  \na\nb");
  EXPECT_EQ(rendered("a {{- 1 -}} b {{ 2 }}\nc"), "a1b 2\nc");
  EXPECT_EQ(rendered("  {# x #}\n  a{#- y -#}  b"), "  ab");
  EXPECT_EQ(rendered("a\r\nb\rc\n\n"), "a\nb\nc\n");
  EXPECT_EQ(rendered("{{ '}}' ~ \"%}\" ~ {'a': {'b': 1}}['a']['b'] }}"), "}}%}1");
}

TEST(JinjaLexer, TakesRawBlocksForText) {
  EXPECT_EQ(rendered("a {% raw %} {{ x }} {% if %} {% endraw %} b"), "a  {{ x }} {% if %}  b");
  EXPECT_EQ(rendered("{%- raw -%}\n {{ x }} \n{%- endraw -%}\n b"), "{{ x }}b");
  EXPECT_EQ(refusal("a\n{% raw %} {% endra %}"), "2:1: Missing end of raw directive");
}

TEST(JinjaLexer, RefusesWhatIsCutOffOrOutOfPlace) {
  EXPECT_EQ(refusal("{{ a"), "1:1: a tag that begins here has no end");
  EXPECT_EQ(refusal("{# a"), "1:1: Missing end of comment tag");
  EXPECT_EQ(refusal("{{ 'a }}"), "1:4: a string that begins here has no end");
  EXPECT_EQ(refusal("{{ 'a\\"), "1:4: a string that begins here has no end");
  EXPECT_EQ(refusal("{{ a) }}"), "1:5: unexpected ')'");
  EXPECT_EQ(refusal("{{ (a] }}"), "1:6: unexpected ']', expected ')'");
  EXPECT_EQ(refusal("{{ a ? b }}"), "1:6: unexpected char '?'");
  EXPECT_EQ(refusal("{{ é }}"), "1:4: unexpected char 'é'");
  EXPECT_EQ(refusal("{{ '\\ud800' }}"), "1:4: half a surrogate pair in a string");
  EXPECT_EQ(refusal("{{ 99999999999999999999 }}"), "1:4: an integer leaves 64 bits");
  EXPECT_EQ(refusal("{"), "accepted");
  EXPECT_EQ(refusal("{%"), "1:1: a tag that begins here has no end");
  EXPECT_EQ(refusal(""), "accepted");
}

}  // namespace
}  // namespace nelumbo
