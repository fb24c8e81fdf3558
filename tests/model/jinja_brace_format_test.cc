// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/jinja_format.h"
#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

TEST(JinjaBraceFormat, FillsFields) {
  expect_printed(
      {
          {"'{} {}'.format(1, 'a')", "1 a"},
          {"'{1}{0}'.format(1, 2)", "21"},
          {"'{x}'.format(x=none)", "None"},
          {"'{{}}'.format()", "{}"},
          {"'{0[x]} {0[k][1]}'.format(d)", "1 2"},
          {"'{!r:>5}|'.format('a')", "  'a'|"},
          {"'{:>8}|{:<8}|{:^8}|{:*^7}|'.format('ab', 'cd', 'ef', 'g')",
           "      ab|cd      |   ef   |***g***|"},
          {"'{:08.3f} {:+d} {: d} {:,} {:_}'.format(3.14159, 5, 5, 1234567, 1234567)",
           "0003.142 +5  5 1,234,567 1_234_567"},
          {"'{:x} {:#x} {:b} {:o} {:X}'.format(255, 255, 5, 8, 255)", "ff 0xff 101 10 FF"},
          {"'{:.2%} {:e} {:g} {:.3}'.format(0.256, 12345.6, 1e20, 'abcdef')",
           "25.60% 1.234560e+04 1e+20 abc"},
          {"'{:{}}|'.format(1, 5)", "    1|"},
          {"'{:5}|{:5}|'.format(true, 2.5)", "    1|  2.5|"},
          {"'{:=+6d}'.format(3)", "+    3"},
          {"'{:d}'.format(true)", "1"},
          {"'{:.3}'.format(3.14159)", "3.14"},
          {"'é{:é>3}'.format(1)", "ééé1"},
      },
      nlohmann::ordered_json::parse(
          R"({"d": {"x": 1, "y": "two", "k": [1, 2]}, "s": "Hello, World", "m": [{"r": "user", "c": "hi", "n": 3}, {"r": "tool", "c": null, "n": 1}, {"r": "user", "c": "Ho", "n": 2, "q": {"v": 4}}]})"));
}

TEST(JinjaBraceFormat, SaysWhatDoesNotFit) {
  EXPECT_EQ(rendered("{{ '{}'.format() }}"),
            "failed: t:1:15: Replacement index 0 out of range for positional args tuple");
  EXPECT_EQ(rendered("{{ '{a}'.format(1) }}"), "failed: t:1:16: KeyError: 'a'");
  EXPECT_EQ(rendered("{{ '{'.format(1) }}"), "failed: t:1:14: expected '}' before end of string");
  EXPECT_EQ(rendered("{{ '}'.format(1) }}"),
            "failed: t:1:14: Single '}' encountered in format string");
  EXPECT_EQ(rendered("{{ '{}{0}'.format(1) }}"),
            "failed: t:1:18: cannot switch between automatic and manual field numbering");
  EXPECT_EQ(rendered("{{ '{:q}'.format(1) }}"),
            "failed: t:1:17: Format specifier 'q' does not suit a int");
  EXPECT_EQ(rendered("{{ '{:9999999999}'.format(1) }}"), "failed: t:1:26: a width is too large");
  EXPECT_EQ(rendered("{{ '{0.__class__.__mro__}'.format(1) }}"),
            "failed: t:1:34: access to attribute '__class__' of 'int' object is unsafe.");
}

}  // namespace
}  // namespace nelumbo
