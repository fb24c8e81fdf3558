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

TEST(PatternTest, RefusesTextThatIsNotUtf8) {
  const auto pattern = Pattern::compile("a");
  EXPECT_FALSE(pattern.value().find("\xFF").ok());
}

}  // namespace
}  // namespace nelumbo
