// SPDX-License-Identifier: Apache-2.0
#include "apps/svg_chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <sstream>

#include "base/check.h"
#include "base/text.h"

namespace nelumbo {
namespace {

constexpr double kWidth = 520, kHeight = 230;
constexpr double kLeft = 56, kRight = 12, kTop = 14, kBottom = 36;
constexpr int64_t kMostPoints = 400;  // about one for each pixel of the plot

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void take(double v) {
    low = std::min(low, v);
    high = std::max(high, v);
  }
  bool empty() const { return low > high; }
  void widen() {
    if (low == high) {
      const double by = std::abs(low) * 0.1;
      low -= by;
      high += by == 0 ? 1 : by;
    }
  }
};

bool finite(const std::pair<double, double>& p) {
  return std::isfinite(p.first) && std::isfinite(p.second);
}

/// Maps data to the coordinates of the view box.
struct Plane {
  Range x, y;

  double px(double v) const {
    return kLeft + (v - x.low) / (x.high - x.low) * (kWidth - kLeft - kRight);
  }
  double py(double v) const {
    return kHeight - kBottom - (v - y.low) / (y.high - y.low) * (kHeight - kTop - kBottom);
  }
};

std::string fixed(double v) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", v);
  return text;
}

std::vector<std::pair<double, double>> thinned(const std::vector<std::pair<double, double>>& all) {
  const int64_t n = std::ssize(all);
  const int64_t stride = (n + kMostPoints - 1) / kMostPoints;
  if (stride <= 1)
    return all;
  std::vector<std::pair<double, double>> kept;
  for (int64_t i = 0; i < n; i += stride) {
    const int64_t end = std::min(n, i + stride);
    double sum = 0;
    for (int64_t j = i; j < end; ++j)
      sum += all[j].second;
    kept.emplace_back(all[(i + end - 1) / 2].first, sum / static_cast<double>(end - i));
  }
  return kept;
}

void draw_axes(std::ostream& out, const Plane& plane, const Chart& chart) {
  const double right = kWidth - kRight, bottom = kHeight - kBottom;
  for (double y : ticks(plane.y.low, plane.y.high, 4)) {
    const std::string at = fixed(plane.py(y));
    out << "<line class=\"grid\" x1=\"" << kLeft << "\" x2=\"" << right << "\" y1=\"" << at
        << "\" y2=\"" << at << "\"/><text class=\"tick\" text-anchor=\"end\" x=\"" << kLeft - 6
        << "\" y=\"" << fixed(plane.py(y) + 3.5) << "\">" << short_number(y) << "</text>";
  }
  for (double x : ticks(plane.x.low, plane.x.high, 6))
    out << "<text class=\"tick\" text-anchor=\"middle\" x=\"" << fixed(plane.px(x)) << "\" y=\""
        << bottom + 14 << "\">" << short_number(x) << "</text>";
  out << "<line class=\"axis\" x1=\"" << kLeft << "\" x2=\"" << right << "\" y1=\"" << bottom
      << "\" y2=\"" << bottom << "\"/>";
  out << "<text class=\"label\" text-anchor=\"middle\" x=\"" << (kLeft + right) / 2 << "\" y=\""
      << kHeight - 4 << "\">" << html_escape(chart.x_label) << "</text>";
  out << "<text class=\"label\" text-anchor=\"middle\" transform=\"translate(11 "
      << (kTop + bottom) / 2 << ") rotate(-90)\">" << html_escape(chart.y_label) << "</text>";
}

void draw_marks(std::ostream& out, const Plane& plane, const Chart& chart) {
  for (const ChartMark& mark : chart.marks) {
    if (mark.x < plane.x.low || mark.x > plane.x.high)
      continue;
    const std::string at = fixed(plane.px(mark.x));
    const bool at_the_end = plane.px(mark.x) > kWidth * 0.85;  // its name stands before the line
    out << "<line class=\"mark\" x1=\"" << at << "\" x2=\"" << at << "\" y1=\"" << kTop
        << "\" y2=\"" << kHeight - kBottom << "\"/><text class=\"tick\" text-anchor=\""
        << (at_the_end ? "end" : "start") << "\" x=\""
        << fixed(plane.px(mark.x) + (at_the_end ? -3 : 3)) << "\" y=\"" << kTop + 8 << "\">"
        << html_escape(mark.name) << "</text>";
  }
}

void draw_dots(std::ostream& out, const Plane& plane, const Series& series, int64_t index) {
  for (const auto& p : series.points) {
    if (!finite(p))
      continue;
    out << "<circle class=\"dot c" << index << "\" r=\"2.2\" cx=\"" << fixed(plane.px(p.first))
        << "\" cy=\"" << fixed(plane.py(p.second)) << "\"><title>" << html_escape(series.name)
        << ": " << short_number(p.second) << " at " << short_number(p.first) << "</title></circle>";
  }
}

void draw_series(std::ostream& out, const Plane& plane, const Series& series, int64_t index) {
  out << "<path class=\"line c" << index << "\" d=\"";
  bool down = false;
  for (const auto& p : thinned(series.points)) {
    if (finite(p))
      out << (down ? 'L' : 'M') << fixed(plane.px(p.first)) << ' ' << fixed(plane.py(p.second));
    down = finite(p);
  }
  out << "\"/>";
  if (std::ssize(series.points) <= 60)
    draw_dots(out, plane, series, index);
}

void draw_legend(std::ostream& out, const Chart& chart, int64_t shown) {
  out << "<figcaption>";
  for (int64_t i = 0; i < shown; ++i) {
    const Series& s = chart.series[i];
    out << "<span class=\"key\"><i class=\"b" << i << "\"></i>" << html_escape(s.name);
    if (!s.points.empty())
      out << " <b>" << short_number(s.points.back().second) << "</b>";
    out << "</span>";
  }
  out << "</figcaption>";
}

Plane plane_of(const Chart& chart, int64_t shown) {
  Plane plane;
  for (int64_t i = 0; i < shown; ++i)
    for (const auto& p : chart.series[i].points)
      if (finite(p)) {
        plane.x.take(p.first);
        plane.y.take(p.second);
      }
  if (plane.x.empty())
    return Plane{.x = {0, 1}, .y = {0, 1}};
  plane.x.widen();
  plane.y.widen();
  return plane;
}

}  // namespace

std::vector<double> ticks(double low, double high, int64_t count) {
  NELUMBO_CHECK(std::isfinite(low) && std::isfinite(high) && low < high && count > 0)
      << "no axis from " << low << " to " << high;
  const double rough = (high - low) / static_cast<double>(count);
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough * (1 - 1e-9)) {
      step = factor * power;
      break;
    }
  std::vector<double> at;
  const auto first = static_cast<int64_t>(std::ceil(low / step - 1e-9));
  for (int64_t i = first; static_cast<double>(i) * step <= high + step * 1e-9; ++i)
    at.push_back(static_cast<double>(i) * step);
  return at;
}

std::string short_number(double value) {
  if (!std::isfinite(value))
    return "–";
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::string svg_of(const Chart& chart) {
  const int64_t shown = std::min<int64_t>(std::ssize(chart.series), kMostSeries);
  const Plane plane = plane_of(chart, shown);
  std::ostringstream out;
  out << "<figure class=\"chart\"><h3>" << html_escape(chart.title) << "</h3><svg viewBox=\"0 0 "
      << kWidth << ' ' << kHeight << "\" role=\"img\" aria-label=\"" << html_escape(chart.title)
      << "\">";
  draw_axes(out, plane, chart);
  draw_marks(out, plane, chart);
  for (int64_t i = 0; i < shown; ++i)
    draw_series(out, plane, chart.series[i], i);
  out << "</svg>";
  draw_legend(out, chart, shown);
  out << "</figure>";
  return out.str();
}

}  // namespace nelumbo
