// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace nelumbo {

/// One block of the Philox4x32-10 counter-based generator (Salmon et al., SC 2011): 128 random bits
/// as a pure function of key and counter.
std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key);

/// What a random stream is for. Streams of different purposes never meet.
enum class Purpose : uint32_t {
  kInit = 1,
  kData,
  kAugment,
  kPrompt,
  kSample,
  kBootstrap,
  kControl,
  kTrace,
  kFilter
};

/// A stream of random numbers named by (seed, purpose, a, b); it has a position and no other state,
/// so what is drawn depends only on its name, never on who draws first.
class Random {
 public:
  Random(uint64_t seed, Purpose purpose, uint64_t a = 0, uint32_t b = 0);

  uint32_t bits();               ///< 32 uniform bits
  double uniform();              ///< in [0, 1), 53 bits
  int64_t below(int64_t bound);  ///< in [0, bound); REQUIRES: bound > 0
  double normal();               ///< standard normal (Box–Muller)

 private:
  std::array<uint32_t, 2> key_;
  std::array<uint32_t, 4> counter_;
  std::array<uint32_t, 4> block_{};
  int used_ = 4;
};

}  // namespace nelumbo
