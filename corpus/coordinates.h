// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "model/image.h"

namespace nelumbo {

/// Shown pictures are addressed in 0..1000 along each side, whatever they measure in pixels.
constexpr double kUnits = 1000;

/// How a shown picture is turned against the original: mirrored left to right first, then rotated
/// clockwise by quarter turns. Upside down is {true, 2}.
struct Orientation {
  bool mirrored = false;
  int quarters = 0;  ///< 0 to 3

  bool operator==(const Orientation&) const = default;
};

/// Where a shown picture comes from: `region` of the original (pixels), stretched to a square, then
/// turned. Zooming and rotating give a frame again, so one frame is a whole chain of tool calls,
/// and every box that is said about a shown picture has a place in the original.
struct Frame {
  Box region;
  Orientation orientation;
};

/// A box in units of the shown picture, as pixels of the original.
Box to_original(const Frame& frame, const Box& units);
/// A box in pixels of the original, as units of the shown picture (outside 0..1000 where it is not
/// shown).
Box from_original(const Frame& frame, const Box& pixels);

/// The common part of two boxes; empty (zero area) when there is none.
Box intersection(const Box& a, const Box& b);

/// Crops smaller than this along a side of the original hold too few pixels to show anything.
constexpr double kLeastCropSide = 28;
/// Longest side of a crop over its shortest.
constexpr double kMostAspect = 20;

/// The part of the original that a zoom on `pixels` shows: cut to the picture, then grown about its
/// centre to kLeastCropSide and kMostAspect, and moved back inside. Nothing when no part of it lies
/// in the picture.
std::optional<Box> fitting_crop(const Box& pixels, int64_t width, int64_t height);

/// What a zoom on a box of a shown picture shows: the fitting crop of the original, turned like
/// that picture. Nothing when no part of the box lies in the shown picture. `width` and `height`
/// are the original's.
std::optional<Frame> zoomed(const Frame& shown, const Box& units, int64_t width, int64_t height);
/// The same picture, rotated clockwise. REQUIRES: a multiple of 90.
Frame rotated(const Frame& shown, int64_t degrees);

/// The picture of a frame, size x size.
Image render(const Image& original, const Frame& frame, int64_t size);

}  // namespace nelumbo
