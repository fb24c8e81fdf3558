// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_cursor.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

JinjaCursor cursor_of(const char* source) {
  return JinjaCursor(jinja_tokens(source).value());
}

TEST(JinjaCursor, SkipsOnlyWhatItIsAskedFor) {
  JinjaCursor cursor = cursor_of("{{ a + b }}");
  cursor.next();
  EXPECT_FALSE(cursor.skip_sign("+"));
  EXPECT_TRUE(cursor.skip_name("a"));
  EXPECT_TRUE(cursor.peek(1).is_name("b"));
  EXPECT_TRUE(cursor.skip_sign("+"));
  EXPECT_EQ(cursor.name(), "b");
  cursor.expect_end(JinjaToken::Kind::kVariableEnd);
  EXPECT_FALSE(cursor.failed());
}

TEST(JinjaCursor, StandsAtTheEndAfterItsFirstFault) {
  JinjaCursor cursor = cursor_of("{{ a + b }}");
  cursor.next();
  cursor.expect_sign("(");
  cursor.expect_name("other");
  EXPECT_EQ(cursor.error()->message, "1:4: expected '(', got 'a'");
  EXPECT_EQ(cursor.next().kind, JinjaToken::Kind::kEnd);
  EXPECT_EQ(cursor.peek(99).kind, JinjaToken::Kind::kEnd);
}

}  // namespace
}  // namespace nelumbo
