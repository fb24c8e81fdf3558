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

TEST(HostileTexts, StandBehindAllThatLeadsThere) {
  const std::string x(37, 'x');
  EXPECT_TRUE(has("(?:x{37}(y+)+)$", x + "yyyyyyyy", "!" + x + "y"));
  EXPECT_TRUE(has("(?x) a # b\n (c+)+ d", "acccccccc", "!acd"));
  EXPECT_TRUE(has("(foo|b(ar)+|c)z", "bararar", "!fooz")) << "also within an alternative";
  EXPECT_TRUE(has("q(?=(a+)+$)z", "qaaaaaaa", "!qz")) << "and within a look ahead";
}

TEST(HostileTexts, AreOfSeveralLengths) {
  const std::string rest = "aa";
  for (const size_t run : {12, 24, 48, 120})
    EXPECT_TRUE(has("a?a", std::string(run, 'a') + "!", "!" + rest)) << run;
  std::string over;
  for (int i = 0; i < 81; ++i)
    over += "ab";
  EXPECT_TRUE(has("(?:ab){1,80}", over, "!ab")) << "also more than it takes";
  const auto texts = hostile_texts("(a?){30}a{30}");
  EXPECT_TRUE(std::ranges::is_sorted(texts, {}, &std::string::size)) << "the shorter ones first";
}

TEST(HostileTexts, EndInWhatIsNotTaken) {
  EXPECT_TRUE(has("(\\W+)+$", "          ", "a ")) << "! is no word";
  EXPECT_TRUE(has("([^x]+)+$", "aaaaaaaaaa", "xa"));
}

TEST(HostileTexts, AreNotTooMany) {
  std::string pattern;
  for (int i = 0; i < 300; ++i)
    pattern += "(a|b)*";
  EXPECT_LT(hostile_texts(pattern).size(), 20'000u);
}

TEST(HostileTexts, RepeatAllThatIsAskedForButTheLast) {
  EXPECT_TRUE(has("a.*b.*c", "abababab", "\naabac"));
  EXPECT_TRUE(has("a.+b.+c", "aabaaabaaaba", "\naabac"));
}

TEST(HostileTexts, HaveACharacterOfEachClass) {
  EXPECT_TRUE(has("[0-9]+z", "00000000", "!0z"));
  EXPECT_TRUE(has("\\d+z", "00000000", "!0z"));
  EXPECT_TRUE(has("[^a]+z", "00000000", "a0z"));
  EXPECT_TRUE(has("(\\s*x)*z", "        ", "! xz"));
  EXPECT_TRUE(has("[]x]+z", "]]]]]]]]", "!]z"));
}

TEST(HostileTexts, TakeTheFirstAndTheLastAlternative) {
  EXPECT_TRUE(has("(?:foo|bar)c+", "foocccccc", "!fooc"));
  EXPECT_TRUE(has("(?:foo|bar)c+", "barcccccc", "!fooc"));
}

TEST(HostileTexts, RepeatWhatMustBeThere) {
  EXPECT_TRUE(has("a{3}b+", "aaabbbbbb", "!aaab"));
}

TEST(HostileTexts, LeaveOutWhatTakesNoRoom) {
  EXPECT_TRUE(has("(?i)^(?=x)\\bab+$", "abbbbbbb", "!ab"));
  EXPECT_TRUE(hostile_texts("").empty());
  EXPECT_TRUE(hostile_texts("^$").empty());
}

TEST(HostileTexts, AreWellFormed) {
  for (const std::string& text : hostile_texts("(ä+)+ö"))
    EXPECT_EQ(text.find('\xFF'), std::string::npos);
}

}  // namespace
}  // namespace nelumbo
