// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "model/image.h"

namespace nelumbo {

/// Pictures whose difference hashes differ in at most this many bits show the same thing.
constexpr int kNearDuplicateBits = 4;

/// The difference hash of a picture: it is reduced to 9 x 8 grey pixels, and each bit says whether
/// a pixel is brighter than its right neighbour. Resizing, recompression and brightness hardly move
/// it. Bits run in raster order, the first one highest.
uint64_t dhash(const Image& image);

/// Bits in which two hashes differ.
int hamming(uint64_t a, uint64_t b);

}  // namespace nelumbo
