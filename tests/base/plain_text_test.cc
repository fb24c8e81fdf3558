// SPDX-License-Identifier: Apache-2.0
#include "base/plain_text.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

std::string complaint(std::string_view text) {
  const auto plain = require_plain_utf8(text, "f.yaml");
  return plain ? "" : plain.error().message;
}

TEST(PlainText, IsUtf8WithoutMarks) {
  EXPECT_EQ(complaint("a: fièvre\n"), "");
  EXPECT_EQ(complaint(""), "");
  EXPECT_EQ(complaint("\xEF\xBB\xBF"
                      "a: 1"),
            "f.yaml:1:1: starts with a byte order mark; save it as UTF-8 without one");
  EXPECT_EQ(complaint(std::string_view("\xFF\xFE"
                                       "a\0",
                                       4)),
            "f.yaml:1:1: is UTF-16; save it as UTF-8");
  EXPECT_EQ(complaint("a: 1\nb: x\xFF\n"), "f.yaml:2:5: is not UTF-8 here; save the file as UTF-8");
  EXPECT_EQ(complaint(std::string_view("a: \0", 4)), "f.yaml:1:4: holds a NUL byte");
}

TEST(PlainText, IsComplainedOfByLineAndColumn) {
  EXPECT_EQ(text_error("ab\ncd", "f", 4, "why").message, "f:2:2: why");
  EXPECT_EQ(text_error("ab\ncd", "f", 2, "why").message, "f:1:3: why");
}

}  // namespace
}  // namespace nelumbo
