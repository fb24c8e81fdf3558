// SPDX-License-Identifier: Apache-2.0
#include "apps/svg_chart.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

int64_t count(const std::string& text, const std::string& part) {
  int64_t n = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++n;
  return n;
}

TEST(SvgChart, PutsTicksOnRoundNumbers) {
  EXPECT_EQ(ticks(0, 1, 4), (std::vector<double>{0, 0.5, 1}));
  EXPECT_EQ(ticks(0, 20, 4), (std::vector<double>{0, 5, 10, 15, 20}));
  EXPECT_EQ(ticks(-30, 30, 6), (std::vector<double>{-30, -20, -10, 0, 10, 20, 30}));
}

TEST(SvgChart, WritesNumbersForPeople) {
  EXPECT_EQ(short_number(0.5), "0.5");
  EXPECT_EQ(short_number(1234.5678), "1235");
  EXPECT_EQ(short_number(std::nan("")), "–");
}

TEST(SvgChart, BreaksALineWhereAValueIsNotFinite) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::string svg =
      svg_of({.title = "t", .series = {{"a", {{0, 1}, {1, nan}, {2, 3}, {3, 4}}}}});
  const size_t path = svg.find("class=\"line");
  const std::string line = svg.substr(path, svg.find("/>", path) - path);
  EXPECT_EQ(count(line, "M"), 2);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

TEST(SvgChart, DrawsAConstantAndAnEmptySeries) {
  EXPECT_NE(svg_of({.title = "t", .series = {{"a", {{0, 0}, {1, 0}}}}}).find("</svg>"),
            std::string::npos);
  EXPECT_NE(svg_of({.title = "t", .series = {{"a", {}}}}).find("</svg>"), std::string::npos);
}

TEST(SvgChart, ThinsALongSeriesWithoutLosingItsEnd) {
  Series series{"long"};
  for (int i = 0; i < 100000; ++i)
    series.points.emplace_back(i, i);
  const std::string svg = svg_of({.title = "t", .series = {series}});
  EXPECT_LT(svg.size(), 20000U);
  EXPECT_NE(svg.find("<b>1e+05</b>"), std::string::npos);
}

TEST(SvgChart, EscapesNames) {
  const std::string svg =
      svg_of({.title = "<b>", .y_label = "<i>", .series = {{"a<script>", {{0, 1}}}}});
  EXPECT_EQ(svg.find("<script>"), std::string::npos);
  EXPECT_EQ(svg.find("<i>"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo
