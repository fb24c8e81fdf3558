// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace nelumbo {

/// One line of a chart: (x, y) in rising x. A point that is not finite breaks the line.
struct Series {
  std::string name;
  std::vector<std::pair<double, double>> points = {};
};

/// A place along x with a name: where a stage begins.
struct ChartMark {
  double x = 0;
  std::string name;
};

/// What a line chart shows. At most `kMostSeries` series are drawn.
struct Chart {
  std::string title = {};
  std::string y_label = {};
  std::string x_label = "step";
  std::vector<Series> series = {};
  std::vector<ChartMark> marks = {};
};

constexpr int64_t kMostSeries = 6;

/// Round numbers that cover [low, high] in about `count` intervals, rising.
/// REQUIRES: low < high, both finite.
std::vector<double> ticks(double low, double high, int64_t count);

/// A number for people: four significant digits, no trailing zeros.
std::string short_number(double value);

/// The chart as one <figure> with an inline <svg> that takes its colours from the page's style
/// sheet. All names are escaped. Long series are thinned to what the width can show.
std::string svg_of(const Chart& chart);

}  // namespace nelumbo
