// SPDX-License-Identifier: Apache-2.0
#include "reward/pattern_tree.h"

#include <gtest/gtest.h>

#include "reward/pattern_text.h"

namespace nelumbo {
namespace {

/// A text that a pattern asks for.
std::string text(const std::string& pattern) {
  std::string made;
  append_text(tree_of(pattern), {}, 1000, made);
  return made;
}

TEST(PatternTree, ReadsEscapesAndClasses) {
  EXPECT_EQ(text("\\.\\n\\x41\\x{42}\\t"), ".\nAB\t");
  EXPECT_EQ(text("\\Qa.b\\E+c"), "a.bc");
  EXPECT_EQ(text("[]x]z"), "]z");
  EXPECT_EQ(text("[^a]z"), "0z");
  EXPECT_EQ(text("[[:upper:]][\\w-]"), "Aa");
  EXPECT_EQ(text("[b-d]"), "b");
  EXPECT_EQ(text("[ä]ö"), "äö");
  EXPECT_EQ(text("\\p{Lu}\\P{N}\\p{^L}"), "aa0");
  EXPECT_EQ(text("\\bа\\B\\A\\z"), "а");
}

TEST(PatternTree, ReadsGroups) {
  EXPECT_EQ(text("(?<n>ab)\\k<n>\\1(?P=n)"), "abababab");
  EXPECT_EQ(text("(?=x)a(?!y)(?<=a)(?<!b)c"), "ac");
  EXPECT_EQ(text("(?i)a(?i:b)(?>c)(?|d|e)(?#no)(*COMMIT)f"), "abcdf");
  EXPECT_EQ(text("(a)?(?(1)b|c)"), "ab");
  EXPECT_EQ(text("(?x) a b # no\n c (?-x: d) e"), "abc de");
  EXPECT_EQ(text("(?x)(a b)  {2} c"), "ababc");
  EXPECT_EQ(text("(?'q'z)\\g{q}"), "zz");
}

TEST(PatternTree, KeepsHowOftenAPartMayStandThere) {
  const PatternNode tree = tree_of("a{2,5}+");
  const PatternNode& repeat = tree.parts.front().parts.front();
  ASSERT_EQ(repeat.kind, PatternNode::Kind::kRepeat);
  EXPECT_EQ(repeat.least, 2);
  EXPECT_EQ(repeat.most, 5);
  EXPECT_EQ(repeat.parts.front().set, set_of("a"));
}

}  // namespace
}  // namespace nelumbo
