// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_text_methods.h"

#include <gtest/gtest.h>

#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

TEST(JinjaTextMethods, SplitAndJoin) {
  expect_printed({
      {"'a b  c'.split()", "['a', 'b', 'c']"},
      {"'a,b,,c'.split(',')", "['a', 'b', '', 'c']"},
      {"'a b c'.split(' ', 1)", "['a', 'b c']"},
      {"' a b c '.split(none, 1)", "['a', 'b c ']"},
      {"'a b c'.rsplit(' ', 1)", "['a b', 'c']"},
      {"' a b c '.rsplit(none, 1)", "[' a b', 'c']"},
      {"'a\\nb\\r\\nc\\x0bd'.splitlines()", "['a', 'b', 'c', 'd']"},
      {"'a\\nb\\n'.splitlines(true)", "['a\\n', 'b\\n']"},
      {"'a=b=c'.partition('=')", "('a', '=', 'b=c')"},
      {"'a=b=c'.rpartition('=')", "('a=b', '=', 'c')"},
      {"'abc'.partition('x')", "('abc', '', '')"},
      {"'abc'.rpartition('x')", "('', '', 'abc')"},
      {"'-'.join(['a', 'b'])", "a-b"},
      {"'-'.join('abc')", "a-b-c"},
      {"'a<t>b<t>c'.split('<t>')[-1]", "c"},
      {"''.split()", "[]"},
      {"''.split(',')", "['']"},
  });
}

TEST(JinjaTextMethods, Strip) {
  expect_printed({
      {"'  a '.strip() ~ '|'", "a|"},
      {"'  a '.lstrip() ~ '|'", "a |"},
      {"'  a '.rstrip() ~ '|'", "  a|"},
      {"'xyaxy'.strip('xy')", "a"},
      {"'xyaxy'.lstrip('yx')", "axy"},
      {"'xyaxy'.rstrip('y')", "xyax"},
      {"'éaé'.strip('é')", "a"},
      {"'\\u2003a\\xa0'.strip()", "a"},
      {"'abc'.removeprefix('ab')", "c"},
      {"'abc'.removesuffix('bc')", "a"},
      {"'abc'.removesuffix('')", "abc"},
  });
}

TEST(JinjaTextMethods, Search) {
  expect_printed({
      {"'hello'.find('l')", "2"},
      {"'hello'.rfind('l')", "3"},
      {"'hello'.find('z')", "-1"},
      {"'éaéa'.find('a', 2)", "3"},
      {"'hello'.count('l')", "2"},
      {"'aaa'.count('aa')", "1"},
      {"'abc'.count('')", "4"},
      {"'hello'.startswith('he')", "True"},
      {"'hello'.startswith(('x', 'h'))", "True"},
      {"'hello'.endswith('lo')", "True"},
      {"'hello'.startswith('l', 2)", "True"},
      {"'hello'.endswith('l', 0, 4)", "True"},
      {"'abc'.index('c')", "2"},
      {"'hello'.find('l', -2)", "3"},
      {"'ab'.startswith('', 3)", "False"},
  });
}

TEST(JinjaTextMethods, Replace) {
  expect_printed({
      {"'aaa'.replace('a', 'b')", "bbb"},
      {"'aaa'.replace('a', 'b', 2)", "bba"},
      {"'abc'.replace('', '-')", "-a-b-c-"},
      {"'abc'.replace('', '-', 2)", "-a-bc"},
      {"'abc'.replace('b', '')", "ac"},
      {"'aaa'.replace('aa', 'b')", "ba"},
  });
}

TEST(JinjaTextMethods, Align) {
  expect_printed({
      {"'7'.zfill(3)", "007"},
      {"'-7'.zfill(4)", "-007"},
      {"'a'.center(4) ~ '|'", " a  |"},
      {"'ab'.center(5, '*')", "**ab*"},
      {"'abc'.center(6, '*')", "*abc**"},
      {"'ab'.ljust(4, '.')", "ab.."},
      {"'ab'.rjust(4)", "  ab"},
      {"'é'.rjust(3, '中')", "中中é"},
      {"'a'.center(-9223372036854775807 - 1)", "a"},
      {"'a'.ljust(-9223372036854775807 - 1)", "a"},
      {"'-7'.zfill(-9223372036854775807 - 1)", "-7"},
  });
}

TEST(JinjaTextMethods, SayWhatDoesNotFit) {
  EXPECT_EQ(rendered("{{ 'a'.split('') }}"), "failed: t:1:13: empty separator");
  EXPECT_EQ(rendered("{{ 'a'.index('b') }}"), "failed: t:1:13: substring not found");
  EXPECT_EQ(rendered("{{ '-'.join([1]) }}"),
            "failed: t:1:12: sequence item 0: expected str instance, int found");
  EXPECT_EQ(rendered("{{ 'a'.startswith(1) }}"),
            "failed: t:1:18: startswith first arg must be str or a tuple of str, not int");
  EXPECT_EQ(rendered("{{ 'a'.upper(1) }}"),
            "failed: t:1:13: upper() takes 0 arguments but 1 were given");
  EXPECT_EQ(rendered("{{ 'a'.nope() }}"), "failed: t:1:12: 'str object' has no attribute 'nope'");
}

}  // namespace
}  // namespace nelumbo
