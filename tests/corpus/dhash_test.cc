// SPDX-License-Identifier: Apache-2.0
#include "corpus/dhash.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

/// 90 x 80, each column as bright as `value(x)` says.
template <class Value>
Image columns(const Value& value) {
  Image image{90, 80, {}};
  for (int64_t y = 0; y < image.height; ++y)
    for (int64_t x = 0; x < image.width; ++x)
      image.rgb.insert(image.rgb.end(), 3, static_cast<uint8_t>(value(x)));
  return image;
}

TEST(Dhash, SaysWhetherAPixelIsBrighterThanItsRightNeighbour) {
  EXPECT_EQ(dhash(columns([](int64_t x) { return 250 - 2 * x; })), ~uint64_t{0});
  EXPECT_EQ(dhash(columns([](int64_t x) { return 2 * x; })), 0U);
}

TEST(Dhash, RunsInRasterOrderFromTheHighestBit) {
  // The upper rows fall to the right, the lower rows rise.
  Image image = columns([](int64_t x) { return 250 - 2 * x; });
  const Image rising = columns([](int64_t x) { return 2 * x; });
  std::copy(rising.rgb.begin() + std::ssize(rising.rgb) / 2, rising.rgb.end(),
            image.rgb.begin() + std::ssize(image.rgb) / 2);
  EXPECT_EQ(dhash(image), 0xFFFFFFFF00000000U);
}

TEST(Dhash, HardlyMovesWithBrightness) {
  const auto wave = [](int64_t x) { return 60 + (x * 37) % 90; };
  const uint64_t bright = dhash(columns([&](int64_t x) { return wave(x) * 5 / 4; }));
  EXPECT_LE(hamming(dhash(columns(wave)), bright), kNearDuplicateBits);
}

TEST(Dhash, HammingCountsTheBitsThatDiffer) {
  EXPECT_EQ(hamming(0b1011, 0b0010), 2);
  EXPECT_EQ(hamming(5, 5), 0);
}

TEST(Dhash, FindsEveryNearPictureAndNoOther) {
  const std::vector<uint64_t> evaluation{0, ~uint64_t{0}, 0x123456789ABCDEF0};
  for (int bits = 0; bits <= 6; ++bits) {
    uint64_t hash = evaluation[2];
    for (int i = 0; i < bits; ++i)
      hash ^= uint64_t{1} << (i * 13 + 5) % 64;
    const std::vector<PicturePair> pairs = near_pictures({hash}, evaluation);
    ASSERT_EQ(pairs.size(), bits <= kNearDuplicateBits ? 1U : 0U) << bits;
    if (!pairs.empty()) {
      EXPECT_EQ(pairs[0].evaluation, 2);
      EXPECT_EQ(pairs[0].bits, bits);
    }
  }
}

TEST(Dhash, FindsTheOneNearPairAmongTheSmears) {
  std::vector<uint64_t> hashes;
  std::vector<std::string> names;
  for (const auto& file :
       std::filesystem::directory_iterator(NELUMBO_SOURCE_DIR "/data/bccd/images")) {
    const Result<Image> image = read_image(file.path().string());
    ASSERT_TRUE(image.ok()) << image.error().message;
    hashes.push_back(dhash(image.value()));
    names.push_back(file.path().stem().string());
  }
  std::vector<std::string> near;
  for (const PicturePair& pair : near_pictures(hashes, hashes)) {
    const std::string& one = names[static_cast<size_t>(pair.training)];
    const std::string& other = names[static_cast<size_t>(pair.evaluation)];
    if (one < other)
      near.push_back(std::string(one).append(" ").append(other) + " " + std::to_string(pair.bits));
  }
  EXPECT_EQ(near, std::vector<std::string>{"BloodImage_00037 BloodImage_00038 3"});
}

}  // namespace
}  // namespace nelumbo
