// SPDX-License-Identifier: Apache-2.0
#include "corpus/grid.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/check.h"
#include "corpus/coordinates.h"

namespace nelumbo {
namespace {

/// log2 of the ratio between neighbouring sizes.
constexpr double kSizeStep = 2.0 / 9.0;

int clamped(double level) {
  return static_cast<int>(std::clamp(level, 0.0, static_cast<double>(kGridLevels - 1)));
}

int centre_level(double units) {
  return clamped(std::floor(units / kUnits * kGridLevels));
}

int size_level(double units) {
  return clamped(kGridLevels - 1 + std::round(std::log2(units / kUnits) / kSizeStep));
}

double centre_of(int level) {
  return (level + 0.5) * kUnits / kGridLevels;
}

double size_of(int level) {
  return kUnits * std::exp2(kSizeStep * (level - (kGridLevels - 1)));
}

void skip_spaces(std::string_view& text) {
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
}

/// Takes "<gK>" off the front.
std::optional<int> take_level(std::string_view& text) {
  skip_spaces(text);
  if (!text.starts_with("<g"))
    return std::nullopt;
  int level = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + 2, end, level);
  if (error != std::errc{} || rest == end || *rest != '>' || level < 0 || level >= kGridLevels)
    return std::nullopt;
  text.remove_prefix(static_cast<size_t>(rest + 1 - text.data()));
  return level;
}

}  // namespace

GridBox grid_from_box(const Box& units) {
  const Box box = intersection(units, {0, 0, kUnits, kUnits});
  NELUMBO_CHECK(box.area() > 0) << "no part of the box lies in the picture";
  return {{centre_level((box.x0 + box.x1) / 2), centre_level((box.y0 + box.y1) / 2),
           size_level(box.width()), size_level(box.height())}};
}

Box box_from_grid(const GridBox& grid) {
  const double x = centre_of(grid.levels[0]), y = centre_of(grid.levels[1]);
  const double w = size_of(grid.levels[2]) / 2, h = size_of(grid.levels[3]) / 2;
  return intersection({x - w, y - h, x + w, y + h}, {0, 0, kUnits, kUnits});
}

std::string grid_token(int level) {
  NELUMBO_CHECK(level >= 0 && level < kGridLevels) << "level " << level;
  return "<g" + std::to_string(level) + ">";
}

std::string grid_text(const GridBox& grid) {
  std::string text;
  for (const int level : grid.levels)
    text += grid_token(level);
  return text;
}

std::optional<GridBox> read_grid(std::string_view text) {
  GridBox grid;
  for (int& level : grid.levels) {
    const std::optional<int> taken = take_level(text);
    if (!taken)
      return std::nullopt;
    level = *taken;
  }
  skip_spaces(text);
  if (!text.empty())
    return std::nullopt;
  return grid;
}

}  // namespace nelumbo
