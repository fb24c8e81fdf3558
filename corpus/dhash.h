// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

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

/// Two pictures that show the same thing.
struct PicturePair {
  int64_t training = 0, evaluation = 0;  ///< indices
  int bits = 0;                          ///< in which their hashes differ
};

/// All pairs of hashes that differ in at most kNearDuplicateBits. Finds them by the pigeonhole: of
/// five parts of a hash at least one is equal, so only pictures that share a part are compared.
std::vector<PicturePair> near_pictures(const std::vector<uint64_t>& training,
                                       const std::vector<uint64_t>& evaluation);

}  // namespace nelumbo
