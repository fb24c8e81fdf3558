// SPDX-License-Identifier: Apache-2.0
#include "reward/hostile_texts.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

bool has(const std::string& pattern, const std::string& begin, const std::string& end) {
  return std::ranges::any_of(hostile_texts(pattern), [&](const std::string& text) {
    return text.starts_with(begin) && text.ends_with(end);
  });
}

TEST(HostileTexts, AreRunsBehindWhatThePatternAsksFor) {
  EXPECT_TRUE(has("x(ab)+y", "xabababab", "!xaby"));
  EXPECT_TRUE(has("a+", "aaaaaaaa", "!a"));
}

TEST(HostileTexts, RepeatAllThatIsAskedForButTheLast) {
  EXPECT_TRUE(has("a.*b.*c", "abababab", "\nabc"));
  EXPECT_TRUE(has("a.+b.+c", "aabaaabaaaba", "\naabac"));
}

TEST(HostileTexts, HaveACharacterOfEachClass) {
  EXPECT_TRUE(has("[0-9]+z", "00000000", "!0z"));
  EXPECT_TRUE(has("\\d+z", "00000000", "!0z"));
  EXPECT_TRUE(has("[^a]+z", "00000000", "!0z"));
  EXPECT_TRUE(has("(\\s*x)*z", "        ", "! xz"));
  EXPECT_TRUE(has("[]x]+z", "]]]]]]]]", "!]z"));
}

TEST(HostileTexts, TakeTheFirstAndTheLastAlternative) {
  EXPECT_TRUE(has("(?:foo|bar)c+", "foocccccc", "!fooc"));
  EXPECT_TRUE(has("(?:foo|bar)c+", "barcccccc", "!barc"));
}

TEST(HostileTexts, RepeatWhatMustBeThere) {
  EXPECT_TRUE(has("a{3}b+", "aaabbbbbb", "!aaab"));
}

TEST(HostileTexts, LeaveOutWhatTakesNoRoom) {
  EXPECT_TRUE(has("(?i)^(?=x)\\bab$", "abababab", "!ab"));
  EXPECT_TRUE(hostile_texts("").empty());
  EXPECT_TRUE(hostile_texts("^$").empty());
}

TEST(HostileTexts, AreWellFormed) {
  for (const std::string& text : hostile_texts("(ä+)+ö"))
    EXPECT_EQ(text.find('\xFF'), std::string::npos);
}

}  // namespace
}  // namespace nelumbo
