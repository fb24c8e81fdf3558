// SPDX-License-Identifier: Apache-2.0
#include "corpus/dhash.h"

#include <array>
#include <bit>
#include <map>
#include <set>

namespace nelumbo {
namespace {

constexpr int64_t kColumns = 9, kRows = 8;

/// Luma of ITU-R BT.601 in 16-bit fixed point, rounded.
int luma(const uint8_t* rgb) {
  return (rgb[0] * 19595 + rgb[1] * 38470 + rgb[2] * 7471 + 0x8000) >> 16;
}

/// Five parts of a hash, of 13, 13, 13, 13 and 12 bits, each with its number in front.
std::array<uint32_t, kNearDuplicateBits + 1> parts_of(uint64_t hash) {
  constexpr uint32_t kBits = 13;
  std::array<uint32_t, kNearDuplicateBits + 1> parts{};
  for (uint32_t i = 0; i < parts.size(); ++i)
    parts[i] = i << kBits | (static_cast<uint32_t>(hash >> i * kBits) & ((1U << kBits) - 1));
  return parts;
}

}  // namespace

uint64_t dhash(const Image& image) {
  const Box all{0, 0, static_cast<double>(image.width), static_cast<double>(image.height)};
  const Image small = resize(image, all, kColumns, kRows, Resample::kLanczos);
  std::array<int, kColumns * kRows> grey{};
  for (size_t i = 0; i < grey.size(); ++i)
    grey[i] = luma(&small.rgb[3 * i]);
  uint64_t hash = 0;
  for (size_t y = 0; y < kRows; ++y)
    for (size_t x = 0; x + 1 < kColumns; ++x)
      hash = hash << 1 | (grey[y * kColumns + x] > grey[y * kColumns + x + 1] ? 1U : 0U);
  return hash;
}

int hamming(uint64_t a, uint64_t b) {
  return std::popcount(a ^ b);
}

std::vector<PicturePair> near_pictures(const std::vector<uint64_t>& training,
                                       const std::vector<uint64_t>& evaluation) {
  std::map<uint32_t, std::vector<int64_t>> by_part;
  for (int64_t i = 0; i < std::ssize(evaluation); ++i)
    for (const uint32_t part : parts_of(evaluation[static_cast<size_t>(i)]))
      by_part[part].push_back(i);
  std::vector<PicturePair> pairs;
  for (int64_t i = 0; i < std::ssize(training); ++i) {
    const uint64_t hash = training[static_cast<size_t>(i)];
    std::set<int64_t> candidates;
    for (const uint32_t part : parts_of(hash))
      if (const auto found = by_part.find(part); found != by_part.end())
        candidates.insert(found->second.begin(), found->second.end());
    for (const int64_t other : candidates)
      if (const int bits = hamming(hash, evaluation[static_cast<size_t>(other)]);
          bits <= kNearDuplicateBits)
        pairs.push_back({i, other, bits});
  }
  return pairs;
}

}  // namespace nelumbo
