// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_format.h"

#include <gtest/gtest.h>

#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

TEST(JinjaFormat, ConvertsAsPercentDoes) {
  expect_printed({
      {"'%d %i %u' % (1, 2.9, true)", "1 2 1"},
      {"'%5d|%-5d|%05d|%+d|% d' % (42, 42, 42, 42, 42)", "   42|42   |00042|+42| 42"},
      {"'%s %r' % ('a', 'a')", "a 'a'"},
      {"'%.2f %8.3f %e %g %G' % (3.14159, 2.5, 12345.678, 1e20, 1e-7)",
       "3.14    2.500 1.234568e+04 1e+20 1E-07"},
      {"'%x %X %o %#x %#o' % (255, 255, 8, 255, 8)", "ff FF 10 0xff 0o10"},
      {"'%c%c%%' % ('a', 66)", "aB%"},
      {"'%(a)s-%(b)05.1f' % {'a': 1, 'b': 2}", "1-002.0"},
      {"'%s' % [1, 2]", "[1, 2]"},
      {"'%*d|%.*f' % (5, 1, 2, 3.14159)", "    1|3.14"},
      {"'%5.2s|%-6s|' % ('abc', 'd')", "   ab|d     |"},
      {"'%.*f' % (-9223372036854775807 - 1, 2.5)", "2"},
      {"'%s' % none", "None"},
      {"'%.3d' % 7", "007"},
      {"'a' % {}", "a"},
      {"'%-+6d|' % 5", "+5    |"},
      {"'%#.3g' % 1.0", "1.00"},
      {"'%s and %s' | format('x', 'y')", "x and y"},
      {"'%(k)s' | format(k=1)", "1"},
  });
}

TEST(JinjaFormat, SaysWhatDoesNotFit) {
  EXPECT_EQ(rendered("{{ '%d' % 'a' }}"),
            "failed: t:1:9: %d format: a real number is required, not str");
  EXPECT_EQ(rendered("{{ '%s %s' % (1,) }}"),
            "failed: t:1:12: not enough arguments for format string");
  EXPECT_EQ(rendered("{{ '%s' % (1, 2) }}"),
            "failed: t:1:9: not all arguments converted during string formatting");
  EXPECT_EQ(rendered("{{ '%(a)s' % 1 }}"), "failed: t:1:12: format requires a mapping");
  EXPECT_EQ(rendered("{{ '%(a)s' % {} }}"), "failed: t:1:12: KeyError: 'a'");
  EXPECT_EQ(rendered("{{ '%q' % 1 }}"), "failed: t:1:9: unsupported format character 'q'");
  EXPECT_EQ(rendered("{{ '%5' % 1 }}"), "failed: t:1:9: incomplete format");
  EXPECT_EQ(rendered("{{ '%x' % 1.5 }}"),
            "failed: t:1:9: %x format: an integer is required, not float");
  EXPECT_EQ(rendered("{{ '%999999999999d' % 1 }}"), "failed: t:1:21: a width is too large");
  EXPECT_EQ(rendered("{{ '%*d' % (-9223372036854775807 - 1, 2) }}"),
            "failed: t:1:10: a width is too large");
}

TEST(JinjaFormat, NamesHalfACharacterInWellFormedWords) {
  EXPECT_EQ(rendered("{{ '%é' % 1 }}"), "failed: t:1:9: unsupported format character '\uFFFD'");
}

}  // namespace
}  // namespace nelumbo
