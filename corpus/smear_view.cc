// SPDX-License-Identifier: Apache-2.0
#include "corpus/smear_view.h"

#include <algorithm>
#include <cmath>
#include <memory>

namespace nelumbo {
namespace {

/// Cells with less than this in view do not count for a caption either.
constexpr double kLeastInCaption = 0.05;

bool ellipse_holds(const Box& box, double x, double y) {
  const double dx = (2 * x - box.x0 - box.x1) / box.width();
  const double dy = (2 * y - box.y0 - box.y1) / box.height();
  return dx * dx + dy * dy <= 1;
}

/// A cell's whole box in units of the view: its ellipse must not shrink where the view cuts it.
struct CaptionCell {
  Cell::Kind kind;
  Box box;
};

SmearClass region_class(const std::vector<CaptionCell>& cells, const Box& region) {
  const double x = (region.x0 + region.x1) / 2, y = (region.y0 + region.y1) / 2;
  const auto any = [&](Cell::Kind kind, const auto& holds) {
    return std::any_of(cells.begin(), cells.end(), [&](const CaptionCell& cell) {
      return cell.kind == kind && holds(cell.box);
    });
  };
  const auto covers_centre = [&](const Box& box) { return ellipse_holds(box, x, y); };
  const auto lies_inside = [&](const Box& box) {
    const double cx = (box.x0 + box.x1) / 2, cy = (box.y0 + box.y1) / 2;
    return cx >= region.x0 && cx < region.x1 && cy >= region.y0 && cy < region.y1;
  };
  if (any(Cell::Kind::kWhite, covers_centre))
    return SmearClass::kWhite;
  if (any(Cell::Kind::kPlatelet, lies_inside))
    return SmearClass::kPlatelet;
  if (any(Cell::Kind::kRed, covers_centre))
    return SmearClass::kRed;
  return SmearClass::kNone;
}

/// Each flip at even odds. Upside down alone is mirrored and half a turn; both flips are half a
/// turn.
Orientation random_flips(Random& random) {
  const bool sideways = random.below(2) == 1, upside_down = random.below(2) == 1;
  return {sideways != upside_down, upside_down ? 2 : 0};
}

}  // namespace

std::vector<ViewedCell> cells_in(const Smear& smear, const Frame& frame, double least_visible) {
  std::vector<ViewedCell> cells;
  for (const Cell& cell : smear.cells) {
    const Box part = intersection(cell.box, frame.region);
    const double visible = part.area() / cell.box.area();
    if (part.area() > 0 && visible >= least_visible)
      cells.push_back({cell.kind, from_original(frame, part), visible});
  }
  return cells;
}

Frame whole_frame(const Smear& smear) {
  return {{0, 0, static_cast<double>(smear.image->width), static_cast<double>(smear.image->height)},
          {}};
}

Frame random_frame(const Smear& smear, Random& random) {
  const auto width = static_cast<double>(smear.image->width);
  const auto height = static_cast<double>(smear.image->height);
  const double w = std::round(width * (0.6 + 0.4 * random.uniform()));
  const double h = std::round(height * (0.6 + 0.4 * random.uniform()));
  const double x = std::floor((width - w + 1) * random.uniform());
  const double y = std::floor((height - h + 1) * random.uniform());
  return {{x, y, x + w, y + h}, random_flips(random)};
}

Frame flipped_frame(const Smear& smear, Random& random) {
  return {whole_frame(smear).region, random_flips(random)};
}

double random_brightness(Random& random) {
  return 0.8 + 0.4 * random.uniform();
}

Pixels view_pixels(const Image& original, const Frame& frame, int64_t size, double brightness) {
  Image picture = render(original, frame, size);
  if (brightness != 1)
    for (uint8_t& value : picture.rgb)
      value = static_cast<uint8_t>(std::min(255.0, std::round(value * brightness)));
  return std::make_shared<const Picture>(to_picture(picture));
}

std::array<SmearClass, kCaptionSide * kCaptionSide> caption_of(const Smear& smear,
                                                               const Frame& frame) {
  std::vector<CaptionCell> cells;
  for (const Cell& cell : smear.cells)
    if (intersection(cell.box, frame.region).area() >= kLeastInCaption * cell.box.area())
      cells.push_back({cell.kind, from_original(frame, cell.box)});
  std::array<SmearClass, kCaptionSide * kCaptionSide> classes{};
  constexpr double kStep = kUnits / kCaptionSide;
  for (size_t i = 0; i < classes.size(); ++i) {
    const size_t row = i / kCaptionSide, column = i % kCaptionSide;
    const double x = kStep * static_cast<double>(column), y = kStep * static_cast<double>(row);
    classes[i] = region_class(cells, {x, y, x + kStep, y + kStep});
  }
  return classes;
}

}  // namespace nelumbo
