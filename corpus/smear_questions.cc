// SPDX-License-Identifier: Apache-2.0
#include "corpus/smear_questions.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "corpus/smear_view.h"

namespace nelumbo {
namespace {

/// Level 13 is 214 units: what one red cell takes with its surroundings.
constexpr int kTypeSizeLevel = 13;
/// Levels 15 to 19 are 292 to 540 units.
constexpr int kLeastWindowLevel = 15, kWindowLevels = 5;
constexpr int kWindowTries = 200;
constexpr GridBox kFallbackWindow{{11, 11, 18, 18}};
/// A platelet of which less than the first share or more than the second lies in a window is out of
/// it or in it beyond doubt.
constexpr double kClearlyOut = 0.15, kClearlyIn = 0.85;

nlohmann::json as_json(const Box& box) {
  return {box.x0, box.y0, box.x1, box.y1};
}

nlohmann::json as_json(const std::vector<Box>& boxes) {
  nlohmann::json all = nlohmann::json::array();
  for (const Box& box : boxes)
    all.push_back(as_json(box));
  return all;
}

double distance(const Box& box, double x, double y) {
  return std::hypot((box.x0 + box.x1) / 2 - x, (box.y0 + box.y1) / 2 - y);
}

GridBox type_box(const ViewedCell& cell) {
  GridBox grid = grid_from_box(cell.box);
  grid.levels[2] = grid.levels[3] = kTypeSizeLevel;
  return grid;
}

/// Whether `cell` is nearer to the centre that its box names than every other cell.
bool is_at_centre(const ViewedCell& cell, const GridBox& grid,
                  const std::vector<ViewedCell>& cells) {
  const double x = (grid.levels[0] + 0.5) * kUnits / kGridLevels;
  const double y = (grid.levels[1] + 0.5) * kUnits / kGridLevels;
  const double own = distance(cell.box, x, y);
  return std::none_of(cells.begin(), cells.end(), [&](const ViewedCell& other) {
    return &other != &cell && distance(other.box, x, y) <= own;
  });
}

/// A window whose nominal box lies in the picture, so that nothing of it is cut off.
std::optional<GridBox> random_window(Random& random) {
  GridBox grid;
  for (size_t i = 2; i < 4; ++i)
    grid.levels[i] = kLeastWindowLevel + static_cast<int>(random.below(kWindowLevels));
  for (size_t i = 0; i < 2; ++i)
    grid.levels[i] = static_cast<int>(random.below(kGridLevels));
  const Box box = box_from_grid(grid);
  if (box.x0 <= 0 || box.y0 <= 0 || box.x1 >= kUnits || box.y1 >= kUnits)
    return std::nullopt;
  return grid;
}

/// The platelets in a part of the original, or nothing when one is cut by its edge.
std::optional<std::vector<Box>> platelets_in(const Smear& smear, const Box& region) {
  std::vector<Box> found;
  for (const Cell& cell : smear.cells) {
    if (cell.kind != Cell::Kind::kPlatelet)
      continue;
    const double share = intersection(cell.box, region).area() / cell.box.area();
    if (share > kClearlyOut && share < kClearlyIn)
      return std::nullopt;
    if (share >= kClearlyIn)
      found.push_back(cell.box);
  }
  return found;
}

std::vector<Box> platelets_centred_in(const Smear& smear, const Box& region) {
  std::vector<Box> found;
  for (const Cell& cell : smear.cells) {
    const double x = (cell.box.x0 + cell.box.x1) / 2, y = (cell.box.y0 + cell.box.y1) / 2;
    if (cell.kind == Cell::Kind::kPlatelet && x >= region.x0 && x < region.x1 && y >= region.y0 &&
        y < region.y1)
      found.push_back(cell.box);
  }
  return found;
}

/// The cells of a kind that are in view, in units of the view.
std::vector<Box> in_view(const Smear& smear, const Frame& frame, Cell::Kind kind) {
  std::vector<Box> boxes;
  for (const ViewedCell& cell : cells_in(smear, frame))
    if (cell.kind == kind)
      boxes.push_back(cell.box);
  return boxes;
}

nlohmann::json as_json(const std::vector<Box>& units, const Frame& frame) {
  std::vector<Box> pixels;
  pixels.reserve(units.size());
  for (const Box& box : units)
    pixels.push_back(to_original(frame, box));
  return as_json(pixels);
}

bool is_larger(const Box& a, const Box& b) {
  return a.area() > b.area();
}

SmearQuestion count_of(const GridBox& window, const Box& region, std::vector<Box> platelets) {
  SmearQuestion question;
  question.task = "count";
  question.text = count_question(window);
  question.answer = std::to_string(std::min<int64_t>(std::ssize(platelets), kMostCounted));
  question.truth = {{"answer", question.answer},
                    {"choices", {"0", "1", "2", "3"}},
                    {"boxes", as_json(platelets)},
                    {"region", as_json(region)}};
  question.region = window;
  question.platelets = std::move(platelets);
  return question;
}

}  // namespace

std::optional<SmearQuestion> ask_locate(const Smear& smear, const Frame& frame) {
  const std::vector<Box> white = in_view(smear, frame, Cell::Kind::kWhite);
  if (white.empty())
    return std::nullopt;
  const Box& largest = *std::min_element(white.begin(), white.end(), is_larger);
  SmearQuestion question;
  question.task = "locate";
  question.text = locate_question();
  question.answer = grid_text(grid_from_box(largest));
  question.truth = {{"boxes", as_json(white, frame)}, {"label", class_name(SmearClass::kWhite)}};
  return question;
}

std::optional<SmearQuestion> ask_type(const Smear& smear, const Frame& frame, Cell::Kind kind,
                                      Random& random) {
  const std::vector<ViewedCell> cells = cells_in(smear, frame);
  std::vector<const ViewedCell*> candidates;
  for (const ViewedCell& cell : cells)
    if (cell.kind == kind && is_at_centre(cell, type_box(cell), cells))
      candidates.push_back(&cell);
  if (candidates.empty())
    return std::nullopt;
  const ViewedCell& cell = *candidates[static_cast<size_t>(random.below(std::ssize(candidates)))];
  const SmearClass what = class_of(kind);
  SmearQuestion question;
  question.task = "type";
  question.text = type_question(type_box(cell));
  question.answer = class_word(what);
  question.truth = {{"answer", class_name(what)}, {"choices", {"red", "white", "platelet"}}};
  return question;
}

std::optional<SmearQuestion> ask_count(const Smear& smear, const Frame& frame, int wanted,
                                       Random& random) {
  for (int tries = 0; tries < kWindowTries; ++tries) {
    const std::optional<GridBox> window = random_window(random);
    if (!window)
      continue;
    const Box region = to_original(frame, box_from_grid(*window));
    std::optional<std::vector<Box>> platelets = platelets_in(smear, region);
    if (!platelets || std::min<int64_t>(std::ssize(*platelets), kMostCounted) != wanted)
      continue;
    return count_of(*window, region, std::move(*platelets));
  }
  return std::nullopt;
}

SmearQuestion ask_any_count(const Smear& smear, const Frame& frame, int wanted, Random& random) {
  for (int count = wanted; count >= 0; --count)
    if (std::optional<SmearQuestion> question = ask_count(smear, frame, count, random))
      return std::move(*question);
  for (int count = wanted + 1; count <= platelets_of(smear); ++count)
    if (std::optional<SmearQuestion> question = ask_count(smear, frame, count, random))
      return std::move(*question);
  const Box region = to_original(frame, box_from_grid(kFallbackWindow));
  return count_of(kFallbackWindow, region, platelets_centred_in(smear, region));
}

SmearQuestion ask_report(const Smear& smear, const Frame& frame) {
  std::vector<Box> white = in_view(smear, frame, Cell::Kind::kWhite);
  const int64_t platelets =
      std::min<int64_t>(std::ssize(in_view(smear, frame, Cell::Kind::kPlatelet)), kMostCounted);
  SmearQuestion question;
  question.task = "report";
  question.text = report_question();
  question.truth = {{"white", as_json(white, frame)}, {"platelets", platelets}};
  std::stable_sort(white.begin(), white.end(), is_larger);
  std::vector<GridBox> placed;
  for (const Box& box : white)
    if (std::ssize(placed) < kMostCounted)
      placed.push_back(grid_from_box(box));
  question.answer = report_answer(placed, platelets);
  return question;
}

int platelets_of(const Smear& smear) {
  const auto all = std::count_if(smear.cells.begin(), smear.cells.end(), [](const Cell& cell) {
    return cell.kind == Cell::Kind::kPlatelet;
  });
  return static_cast<int>(std::min<int64_t>(all, kMostCounted));
}

}  // namespace nelumbo
