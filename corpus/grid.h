// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "model/image.h"

namespace nelumbo {

/// Levels of each of the four numbers of a box in grid form; level k is the token "<gk>".
constexpr int kGridLevels = 24;

/// A box as four levels: centre x, centre y, width, height.
///
/// Centres are even: level k is at (k + 0.5) / 24 of the side. Sizes are geometric, as an error in
/// a size matters in relation to it: level k is 2^(-2/9 (23 - k)) of the side, from 29 units to
/// 1000, each 1.17 times the one before. So a platelet (60 units) and a white cell (400 units) both
/// keep their size within 8 %.
///
/// Example: {11, 11, 23, 23} is centred just left of and above the middle and covers the picture.
struct GridBox {
  std::array<int, 4> levels{};

  bool operator==(const GridBox&) const = default;
};

/// The nearest grid form of a box in 0..1000 units; what lies outside the picture is cut off first.
/// REQUIRES: some part lies inside.
GridBox grid_from_box(const Box& units);
/// The box of a grid form in 0..1000 units, cut to the picture; never empty.
Box box_from_grid(const GridBox& grid);

/// "<g3>". REQUIRES: 0 <= level < kGridLevels.
std::string grid_token(int level);
/// "<g3><g7><g12><g12>"
std::string grid_text(const GridBox& grid);
/// Reads exactly four grid tokens; spaces around and between them are skipped.
std::optional<GridBox> read_grid(std::string_view text);

}  // namespace nelumbo
