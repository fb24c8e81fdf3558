// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_number_format.h"

#include <limits>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(JinjaNumberFormat, LaysIntegersOut) {
  JinjaRun run((JinjaLimits()));
  EXPECT_EQ(jinja_format_integer(run, -255, {.alternate = true, .type = 'x'}).text(), "-0xff");
  EXPECT_EQ(jinja_format_integer(run, -7, {.fill = "0", .align = '=', .width = 5}).text(), "-0007");
  EXPECT_EQ(jinja_format_integer(run, 1234567, {.sign = '+', .group = ','}).text(), "+1,234,567");
  EXPECT_EQ(jinja_format_integer(run, std::numeric_limits<int64_t>::min(), {}).text(),
            "-9223372036854775808");
}

TEST(JinjaNumberFormat, LaysFloatsOut) {
  JinjaRun run((JinjaLimits()));
  EXPECT_EQ(jinja_format_real(run, 2.5, {.width = 6}).text(), "   2.5");
  EXPECT_EQ(jinja_format_real(run, 1e-7, {.type = 'G'}).text(), "1E-07");
  EXPECT_EQ(jinja_format_real(run, std::numeric_limits<double>::infinity(), {.type = 'F'}).text(),
            "INF");
  EXPECT_EQ(jinja_format_real(run, 1e308, {.precision = 1, .type = 'f'}).text().size(), 311U);
  EXPECT_EQ(jinja_format_real(run, 0.125, {.precision = 1, .type = '%'}).text(), "12.5%");
}

TEST(JinjaNumberFormat, CutsAndFillsTextsByCodePoint) {
  JinjaRun run((JinjaLimits()));
  EXPECT_EQ(jinja_format_text(run, "éé", {.fill = "中", .align = '^', .width = 5}).text(),
            "中éé中中");
  EXPECT_EQ(jinja_format_text(run, "éab", {.width = 3, .precision = 2}).text(), "éa ");
}

TEST(JinjaNumberFormat, RefusesWhatWouldFillMemory) {
  JinjaRun run((JinjaLimits()));
  jinja_format_text(run, "", {.width = std::numeric_limits<int64_t>::max()});
  EXPECT_EQ(run.error()->message, "1:1: a width is too large");
  JinjaRun other((JinjaLimits()));
  jinja_format_real(other, 1, {.precision = 1'000'000, .type = 'f'});
  EXPECT_EQ(other.error()->message, "1:1: a precision is too large");
}

}  // namespace
}  // namespace nelumbo
