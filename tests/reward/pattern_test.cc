// SPDX-License-Identifier: Apache-2.0
#include "reward/pattern.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(PatternTest, FindsTheFirstMatch) {
  const auto pattern = Pattern::compile("(?i)stop taking .* without");
  ASSERT_TRUE(pattern.ok());
  EXPECT_EQ(pattern.value().find("Please Stop taking it without asking").value(),
            "Stop taking it without");
  EXPECT_FALSE(pattern.value().find("keep taking it").value().has_value());
}

TEST(PatternTest, SaysWhereItIsWrong) {
  const auto pattern = Pattern::compile("a(b");
  ASSERT_FALSE(pattern.ok());
  EXPECT_EQ(pattern.error().message, "'a(b', character 3: missing closing parenthesis");
}

TEST(PatternTest, GivesUpWithinItsBound) {
  const auto pattern = Pattern::compile("^(a+)+$");
  ASSERT_TRUE(pattern.ok());
  const auto found = pattern.value().find(std::string(40, 'a') + "b");
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, Errc::kUnavailable);
}

TEST(PatternTest, OfASpecMayNotExplode) {
  for (const char* pattern :
       {"(a+)+$", "^(\\w+\\s?)*$", "(a|a)*b", "(a|ab|b)*c", "x(foo|bar)(0+)+y", "(.*)*x[0-9]",
        "([a-z]+)*[0-9]", "(\\d+,?)+z", "(a*)*b", "(ä+)+ö", "a*a*a*a*b", "a.*b.*c.*d.*e.*f",
        "(?i)a.*b.*c.*d.*e.*f", "a.+b.+c.+d.+e", "a[\\s\\S]*b[\\s\\S]*c[\\s\\S]*d[\\s\\S]*e[0-9]",
        "\\d+.*\\d+.*\\d+.*z"}) {
    const auto refused = Pattern::of_spec(pattern);
    ASSERT_FALSE(refused.ok()) << pattern;
    EXPECT_EQ(refused.error().code, Errc::kInvalidConfig);
    EXPECT_NE(refused.error().message.find("explodes"), std::string::npos);
  }
  for (const char* pattern :
       {"[0-9]+", "(?i)stop taking .* without", "(a+)++$", "^white [0-9]+\\s*(<g[0-9]+>\\s*)*,",
        "a.*b", "(\\S+\\s+){0,3}x", "ä+ö", "(foo|bar)+", "\\bno\\b", "^\\s*\\{.*\\}\\s*$",
        "(?i)do not .* see .* doctor", "first.*then.*finally", "^a.*z$", "no\\b.*\\bfever"})
    EXPECT_TRUE(Pattern::of_spec(pattern).ok()) << pattern;
}

TEST(PatternTest, OfASpecMayNotCallItself) {
  const auto refused = Pattern::of_spec("\\((?:[^()]|(?R))*\\)");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message,
            "'\\((?:[^()]|(?R))*\\)' calls a part of itself by '(?R)', so that nothing bounds its "
            "work; write it out");
  for (const char* pattern : {"(a(?1)?b)", "(a|b(?-1)?)", "(?<n>a(?&n)?b)", "(?P<n>a(?P>n)?b)",
                              "(a\\g<1>?b)", "(?0)?a", "(a\\g'1'?b)"})
    EXPECT_NE(Pattern::of_spec(pattern).error().message.find("calls a part"), std::string::npos)
        << pattern;
  for (const char* pattern : {"\\(?R\\)", "[(?R)]", "\\Q(?R)\\E", "(?-i)a", "(a)\\g{1}",
                              "[]\\](?1)]x", "(?i)R", "(?:R)", "(?<R>a)"})
    EXPECT_TRUE(Pattern::of_spec(pattern).ok()) << pattern;
}

TEST(PatternTest, OfASpecMayHaveToMatchAll) {
  const auto pattern = Pattern::of_spec("a|ab", true);
  EXPECT_TRUE(pattern.value().find("ab").value());
  EXPECT_FALSE(pattern.value().find("abc").value());
  EXPECT_FALSE(Pattern::of_spec("(a+)+", true).ok());
  EXPECT_FALSE(Pattern::of_spec("a(b").ok());
}

TEST(PatternTest, RefusesTextThatIsNotUtf8) {
  const auto pattern = Pattern::compile("a");
  EXPECT_FALSE(pattern.value().find("\xFF").ok());
}

}  // namespace
}  // namespace nelumbo
