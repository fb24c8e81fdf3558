// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_text.h"

#include <cmath>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(JinjaText, CountsCodePoints) {
  std::string joined;
  for (const std::string_view point : code_points("aé中😀"))
    (joined += point) += '|';
  EXPECT_EQ(joined, "a|é|中|😀|");
  EXPECT_EQ(bytes_of_points("aé中😀", 2), 3U);
  EXPECT_EQ(bytes_of_points("aé", 9), 3U);
  EXPECT_EQ(code_point_count("aé中😀"), 4);
  EXPECT_EQ(utf8_of(0x1F600), "😀");
}

TEST(JinjaText, StripsWhatPythonCallsSpace) {
  EXPECT_EQ(strip_left("\u2003\x1C a "), "a ");
  EXPECT_EQ(strip_right(" a\u3000\u0085"), " a");
  EXPECT_EQ(strip_left("\u200B a"), "\u200B a") << "a zero width space is none";
  EXPECT_EQ(strip_right("aéxé", "éx"), "a");
}

TEST(JinjaText, QuotesTheBeginningOfLongTextsInMessages) {
  EXPECT_EQ(quoted_briefly("a'b"), "\"a'b\"");
  EXPECT_EQ(quoted_briefly(std::string(1'000'000, 'a')), "'" + std::string(80, 'a') + "'...");
  EXPECT_EQ(nelumbo::quoted(std::string(5000, 'a') + "\n"), "'" + std::string(5000, 'a') + "\\n'");
}

TEST(JinjaText, TakesWholeCodePointsOffTheFront) {
  std::string text(4095, 'a');
  text += "éb";
  std::string_view rest = text;
  EXPECT_EQ(take_chunk(rest).size(), 4095U);
  EXPECT_EQ(take_chunk(rest), "éb");
  EXPECT_TRUE(rest.empty());
}

TEST(JinjaText, WritesFloatsAsShortAsTheyReadBack) {
  EXPECT_EQ(real_text(0.1), "0.1");
  EXPECT_EQ(real_text(1e15), "1000000000000000.0");
  EXPECT_EQ(real_text(1e16), "1e+16");
  EXPECT_EQ(real_text(1.5e-5), "1.5e-05");
  EXPECT_EQ(real_text(-0.0), "-0.0");
  EXPECT_EQ(real_text(5e-324), "5e-324");
  EXPECT_EQ(real_text(1.7976931348623157e308), "1.7976931348623157e+308");
  EXPECT_EQ(real_text(-std::numeric_limits<double>::infinity()), "-inf");
}

TEST(JinjaText, ReadsIntegersAsPythonDoes) {
  EXPECT_EQ(parse_integer(" -42\n", 10), -42);
  EXPECT_EQ(parse_integer("1_000", 10), 1000);
  EXPECT_EQ(parse_integer("0x_ff", 16), 255);
  EXPECT_EQ(parse_integer("0b101", 0), 5);
  EXPECT_EQ(parse_integer("-9223372036854775808", 10), INT64_MIN);
  for (const char* text : {"", "-", "1__0", "_1", "1_", "0x", "1.0", "9223372036854775808", "- 1"})
    EXPECT_EQ(parse_integer(text, 10), std::nullopt) << text;
}

TEST(JinjaText, ReadsFloatsAsPythonDoes) {
  EXPECT_EQ(parse_real(" 1.5e1 "), 15.0);
  EXPECT_EQ(parse_real(".5"), 0.5);
  EXPECT_EQ(parse_real("-inf"), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(parse_real("1e999"), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(parse_real("NaN").value_or(0)));
  for (const char* text : {"", ".", "e5", "1e", "0x10", "1.5.2", "+-1", "1 2"})
    EXPECT_EQ(parse_real(text), std::nullopt) << text;
}

}  // namespace
}  // namespace nelumbo
