// SPDX-License-Identifier: Apache-2.0
#include "corpus/coordinates.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"

// A shown picture is P = rotate^q(mirror^m(stretch(region))). With all coordinates as shares of the
// side of a square: mirror maps (x, y) to (1 - x, y), one clockwise quarter turn maps (x, y) to
// (1 - y, x). The trap: undoing applies the inverse turns first and the mirror last.

namespace nelumbo {
namespace {

struct Point {
  double x, y;
};

Point turned(Point p, Orientation orientation) {
  if (orientation.mirrored)
    p.x = 1 - p.x;
  for (int i = 0; i < orientation.quarters; ++i)
    p = {1 - p.y, p.x};
  return p;
}

Point unturned(Point p, Orientation orientation) {
  for (int i = 0; i < orientation.quarters; ++i)
    p = {p.y, 1 - p.x};
  if (orientation.mirrored)
    p.x = 1 - p.x;
  return p;
}

Box spanned(Point a, Point b) {
  return {std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.x, b.x), std::max(a.y, b.y)};
}

/// [low, high) grown about its centre to at least `length` and moved into [0, limit).
std::pair<double, double> grown(double low, double high, double length, double limit) {
  length = std::min(std::max(length, high - low), limit);
  const double start = std::clamp((low + high - length) / 2, 0.0, limit - length);
  return {start, start + length};
}

}  // namespace

Box to_original(const Frame& frame, const Box& units) {
  const Box& r = frame.region;
  const auto place = [&](double x, double y) {
    const Point p = unturned({x / kUnits, y / kUnits}, frame.orientation);
    return Point{r.x0 + p.x * r.width(), r.y0 + p.y * r.height()};
  };
  return spanned(place(units.x0, units.y0), place(units.x1, units.y1));
}

Box from_original(const Frame& frame, const Box& pixels) {
  const Box& r = frame.region;
  NELUMBO_CHECK(r.area() > 0) << "a frame shows an empty region";
  const auto place = [&](double x, double y) {
    const Point p = turned({(x - r.x0) / r.width(), (y - r.y0) / r.height()}, frame.orientation);
    return Point{p.x * kUnits, p.y * kUnits};
  };
  return spanned(place(pixels.x0, pixels.y0), place(pixels.x1, pixels.y1));
}

Box intersection(const Box& a, const Box& b) {
  const Box common{std::max(a.x0, b.x0), std::max(a.y0, b.y0), std::min(a.x1, b.x1),
                   std::min(a.y1, b.y1)};
  return common.area() > 0 ? common : Box{};
}

std::optional<Box> fitting_crop(const Box& pixels, int64_t width, int64_t height) {
  const auto limit_x = static_cast<double>(width), limit_y = static_cast<double>(height);
  const Box cut = intersection(pixels, {0, 0, limit_x, limit_y});
  if (!(cut.area() > 0))
    return std::nullopt;
  const double least = std::max(kLeastCropSide, std::max(cut.width(), cut.height()) / kMostAspect);
  const auto [x0, x1] = grown(cut.x0, cut.x1, least, limit_x);
  const auto [y0, y1] = grown(cut.y0, cut.y1, least, limit_y);
  return Box{x0, y0, x1, y1};
}

std::optional<Frame> zoomed(const Frame& shown, const Box& units, int64_t width, int64_t height) {
  const Box inside = intersection(units, {0, 0, kUnits, kUnits});
  if (!(inside.area() > 0))
    return std::nullopt;
  const std::optional<Box> crop = fitting_crop(to_original(shown, inside), width, height);
  if (!crop)
    return std::nullopt;
  return Frame{*crop, shown.orientation};
}

Frame rotated(const Frame& shown, int64_t degrees) {
  NELUMBO_CHECK(degrees % 90 == 0) << degrees << " degrees";
  const int64_t quarters = shown.orientation.quarters + degrees / 90;
  return {shown.region, {shown.orientation.mirrored, static_cast<int>(((quarters % 4) + 4) % 4)}};
}

Image render(const Image& original, const Frame& frame, int64_t size) {
  Image picture = resize(original, frame.region, size, size, Resample::kBilinear);
  if (frame.orientation.mirrored)
    picture = flip_horizontal(picture);
  if (frame.orientation.quarters != 0)
    picture = rotate(picture, frame.orientation.quarters * 90);
  return picture;
}

}  // namespace nelumbo
