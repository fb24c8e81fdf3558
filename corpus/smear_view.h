// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/rng.h"
#include "corpus/bccd.h"
#include "corpus/coordinates.h"
#include "corpus/smear_words.h"
#include "corpus/training_group.h"

namespace nelumbo {

/// A cell as far as a view shows it.
struct ViewedCell {
  Cell::Kind kind = Cell::Kind::kRed;
  Box box;             ///< its visible part, in 0..1000 units of the view
  double visible = 1;  ///< that part's share of its area
};

/// A cell that is cut more than this is not asked about.
constexpr double kLeastVisible = 0.4;

/// The cells of which at least `least_visible` lies in the frame, in the smear's order.
std::vector<ViewedCell> cells_in(const Smear& smear, const Frame& frame,
                                 double least_visible = kLeastVisible);

/// The whole smear as it is: what validation shows.
Frame whole_frame(const Smear& smear);

/// A random view for training: a crop of 60 to 100 % along each side at a random place, mirrored
/// left to right and upside down at even odds.
Frame random_frame(const Smear& smear, Random& random);

/// The whole smear, flipped the same ways.
Frame flipped_frame(const Smear& smear, Random& random);

/// A factor of 0.8 to 1.2 for `view_pixels`.
double random_brightness(Random& random);

/// What the network sees of a frame: [3, size, size] in [-1, 1], after every byte was multiplied by
/// `brightness` and cut at 255.
Pixels view_pixels(const Image& original, const Frame& frame, int64_t size, double brightness = 1);

/// Regions of a caption along each side.
constexpr size_t kCaptionSide = 6;

/// The class of each of 6 x 6 regions of a view, in raster order: what lies at the centre of the
/// region, a cell being the ellipse in its box, and white before red where they overlap. Platelets
/// are smaller than a region, so one that has its centre anywhere in the region counts, unless a
/// white cell covers the region's centre.
std::array<SmearClass, kCaptionSide * kCaptionSide> caption_of(const Smear& smear,
                                                               const Frame& frame);

}  // namespace nelumbo
