// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_literals.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(JinjaLiterals, ReadNumbersAsFarAsTheyGo) {
  EXPECT_EQ(read_jinja_number("12.foo", true).length, 2U);
  EXPECT_EQ(read_jinja_number("1.5.2", true).length, 3U);
  EXPECT_EQ(read_jinja_number("1_000 ", true).integer, 1000);
  EXPECT_EQ(read_jinja_number("0xFFg", true).integer, 255);
  EXPECT_EQ(read_jinja_number("0b12", true).integer, 1);
  EXPECT_EQ(read_jinja_number("0o17", true).integer, 15);
  EXPECT_EQ(read_jinja_number("007", true).length, 2U);
  EXPECT_EQ(read_jinja_number("2e3+", true).real, 2000.0);
  EXPECT_EQ(read_jinja_number("1.5", false).length, 1U) << "behind a point there is no float";
  EXPECT_FALSE(read_jinja_number("9223372036854775808", true).fits);
}

TEST(JinjaLiterals, UndoEscapes) {
  const auto text = [](const char* source) {
    const auto read = unescape_jinja_string(source);
    return read.ok() ? read.value() : "refused: " + read.error().message;
  };
  EXPECT_EQ(text(R"(a\n\t\\\'\"\x41\u00e9\U0001F600\101)"), "a\n\t\\'\"Aé😀A");
  EXPECT_EQ(text(R"(\d\<)"), R"(\d\<)") << "unknown ones stay";
  EXPECT_EQ(text("a\\\nb"), "ab");
  EXPECT_EQ(text(R"(\x4)"), "refused: a truncated or illegal \\x escape in a string");
  EXPECT_EQ(text(R"(\U00110000)"), "refused: a truncated or illegal \\U escape in a string");
  EXPECT_EQ(text(R"(\ud83d)"), "refused: half a surrogate pair in a string");
  EXPECT_EQ(text(R"(\N{DASH})"), "refused: the escape \\N is not supported");
}

}  // namespace
}  // namespace nelumbo
