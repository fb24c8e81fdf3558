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
        "([a-z]+)*[0-9]", "(\\d+,?)+z", "(a*)*b", "(ä+)+ö", "a*a*a*a*b"}) {
    const auto refused = Pattern::of_spec(pattern);
    ASSERT_FALSE(refused.ok()) << pattern;
    EXPECT_EQ(refused.error().code, Errc::kInvalidConfig);
    EXPECT_NE(refused.error().message.find("explodes"), std::string::npos);
  }
  for (const char* pattern :
       {"[0-9]+", "(?i)stop taking .* without", "(a+)++$", "^white [0-9]+\\s*(<g[0-9]+>\\s*)*,",
        "a.*b", "(\\S+\\s+){0,3}x", "ä+ö", "(foo|bar)+", "\\bno\\b", "^\\s*\\{.*\\}\\s*$"})
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
