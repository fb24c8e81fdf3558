// SPDX-License-Identifier: Apache-2.0
#include "base/rng.h"

#include <cmath>
#include <numbers>

#include "base/check.h"

// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC
// 2011): ten rounds of two 32 x 32 -> 64 bit products, whose halves are crossed over and mixed with
// a key that grows by a Weyl constant each round. The trap: words are multiplied unsigned, and the
// key is bumped between rounds, not after the last one.

namespace nelumbo {
namespace {

constexpr uint32_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
constexpr uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;

/// A bijection of 64 bits that spreads close inputs (the finaliser of SplitMix64), so that two
/// purposes of one seed can never share a key.
uint64_t mixed(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

}  // namespace

std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t product0 = static_cast<uint64_t>(kMultiplier0) * counter[0];
    const uint64_t product1 = static_cast<uint64_t>(kMultiplier1) * counter[2];
    counter = {static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key[0],
               static_cast<uint32_t>(product1),
               static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key[1],
               static_cast<uint32_t>(product0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return counter;
}

Random::Random(uint64_t seed, Purpose purpose, uint64_t a, uint32_t b)
    : counter_{0, b, static_cast<uint32_t>(a), static_cast<uint32_t>(a >> 32)} {
  const uint64_t key = mixed(mixed(seed) + static_cast<uint64_t>(purpose));
  key_ = {static_cast<uint32_t>(key), static_cast<uint32_t>(key >> 32)};
}

uint32_t Random::bits() {
  if (used_ == 4) {
    block_ = philox(counter_, key_);
    ++counter_[0];
    NELUMBO_CHECK(counter_[0] != 0) << "a random stream has 2^34 words, and this one is used up";
    used_ = 0;
  }
  return block_[static_cast<size_t>(used_++)];
}

double Random::uniform() {
  const uint64_t high = bits() >> 5, low = bits() >> 6;
  return static_cast<double>((high << 26) | low) * 0x1p-53;
}

int64_t Random::below(int64_t bound) {
  NELUMBO_CHECK(bound > 0) << "bound is " << bound;
  const auto range = static_cast<uint64_t>(bound);
  const uint64_t excess =
      (0 - range) % range;  // 2^64 mod range: what would make some values likelier
  for (;;) {
    const uint64_t high = bits(), word = (high << 32) | bits();
    if (word >= excess)
      return static_cast<int64_t>(word % range);
  }
}

double Random::normal() {
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

}  // namespace nelumbo
