// SPDX-License-Identifier: Apache-2.0
#include "rollout/prefix_cache.h"

#include <string_view>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

constexpr int64_t kFloats = 4;

/// One block for each letter.
std::vector<Input> text(std::string_view letters) {
  std::vector<Input> inputs;
  for (const char letter : letters)
    for (int32_t i = 0; i < kKeyBlock; ++i)
      inputs.push_back({.token = 100 * letter + i});
  return inputs;
}

class PrefixCacheTest : public ::testing::Test {
 protected:
  /// As an engine that computes `inputs` and forgets them.
  void compute(PrefixCache& cache, const std::vector<Input>& inputs) {
    KeyBlocks::Table table = cache.find(inputs);
    blocks_.grow(table, std::ssize(inputs));
    cache.keep(inputs, table);
    blocks_.release(table);
  }

  int64_t found(PrefixCache& cache, const std::vector<Input>& inputs) {
    KeyBlocks::Table table = cache.find(inputs);
    const auto count = std::ssize(table.ids);
    blocks_.release(table);
    return count;
  }

  KeyBlocks blocks_{kFloats, 20};
};

TEST_F(PrefixCacheTest, FindsTheLongestFrontOfWholeBlocks) {
  PrefixCache cache(blocks_, 10);
  EXPECT_EQ(found(cache, text("AB")), 0);
  compute(cache, text("ABCD"));
  EXPECT_EQ(found(cache, text("ABX")), 2);
  EXPECT_EQ(found(cache, text("ABCDE")), 4);
  EXPECT_EQ(found(cache, text("BCD")), 0);
  std::vector<Input> cut = text("AB");
  cut.pop_back();
  EXPECT_EQ(found(cache, cut), 1);
  EXPECT_EQ(cache.size(), 4);
  EXPECT_EQ(cache.unused(), 4);
  EXPECT_EQ(blocks_.in_use(), 4);
}

TEST_F(PrefixCacheTest, SharesWhatItFinds) {
  PrefixCache cache(blocks_, 10);
  KeyBlocks::Table first;
  blocks_.grow(first, 2 * kKeyBlock);
  cache.keep(text("AB"), first);
  KeyBlocks::Table second = cache.find(text("ABC"));
  EXPECT_EQ(second.ids, first.ids);
  EXPECT_EQ(second.memory, first.memory);
  EXPECT_EQ(cache.unused(), 0);
  blocks_.release(first);
  blocks_.release(second);
  EXPECT_EQ(cache.unused(), 2);
}

TEST_F(PrefixCacheTest, KeepsOneBlockOfWhatWasComputedTwice) {
  PrefixCache cache(blocks_, 10);
  KeyBlocks::Table one, two;
  blocks_.grow(one, kKeyBlock);
  blocks_.grow(two, kKeyBlock);
  cache.keep(text("A"), one);
  cache.keep(text("A"), two);
  EXPECT_EQ(cache.size(), 1);
  EXPECT_EQ(cache.find(text("A")).ids, one.ids);
}

TEST_F(PrefixCacheTest, DropsWhatWasUsedLeastRecentlyEndsFirst) {
  PrefixCache cache(blocks_, 5);
  compute(cache, text("ABC"));
  compute(cache, text("XY"));
  EXPECT_EQ(found(cache, text("AB")), 2);
  compute(cache, text("ABDE"));  // C goes first, then Y
  EXPECT_EQ(cache.size(), 5);
  EXPECT_EQ(found(cache, text("ABC")), 2);
  EXPECT_EQ(found(cache, text("XY")), 1);
  EXPECT_EQ(found(cache, text("ABDE")), 4);
  EXPECT_EQ(blocks_.in_use(), 5);
}

TEST_F(PrefixCacheTest, NeverHoldsMoreThanItMay) {
  PrefixCache cache(blocks_, 3);
  compute(cache, text("ABCDEFGH"));
  EXPECT_EQ(cache.size(), 3);
  EXPECT_EQ(found(cache, text("ABCDEFGH")), 3);
  cache.shrink(1);
  EXPECT_EQ(found(cache, text("ABCDEFGH")), 1);
  cache.shrink(0);
  EXPECT_EQ(blocks_.in_use(), 0);
  PrefixCache none(blocks_, 0);
  compute(none, text("AB"));
  EXPECT_EQ(none.size(), 0);
  EXPECT_EQ(blocks_.in_use(), 0);
}

TEST_F(PrefixCacheTest, TakesATableThatIsShorterThanTheText) {
  PrefixCache cache(blocks_, 10);
  cache.keep(text("AB"), {});
  EXPECT_EQ(cache.size(), 0);
}

TEST_F(PrefixCacheTest, TellsPicturesApartByTheirPixelsWhateverTheirHashes) {
  const auto picture_of = [](float value) {
    return EncodedPicture{
        std::make_shared<const Picture>(Picture{1, 1, {value, value, value}}), {4, 4}, 7, {}};
  };
  const auto shown = [](EncodedPicture& picture) {
    std::vector<Input> inputs;
    for (int64_t i = 0; i < kKeyBlock; ++i)
      inputs.push_back({.token = 1, .picture = &picture, .feature = i});
    return inputs;
  };
  PrefixCache cache(blocks_, 10);
  EncodedPicture dark = picture_of(0), bright = picture_of(1), again = picture_of(0);
  compute(cache, shown(dark));
  EXPECT_EQ(found(cache, shown(dark)), 1);
  EXPECT_EQ(found(cache, shown(again)), 1);
  EXPECT_EQ(found(cache, shown(bright)), 0);
  std::vector<Input> words = shown(dark);
  for (Input& input : words)
    input.picture = nullptr;
  EXPECT_EQ(found(cache, words), 0);
}

}  // namespace
}  // namespace nelumbo
