// SPDX-License-Identifier: Apache-2.0
//
// A decode step of B sequences takes at least
//   max(((N_layers + N_head) bytes + (shared + B own) cache) / bandwidth,
//       B (2 (N_layers + N_head) + attention (shared + own)) / peak) seconds.
#include "bench/limits.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>

namespace nelumbo {
namespace {

constexpr int64_t kRows = 256, kSide = 512;
constexpr int64_t kCallsPerRun = 12;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double seconds_of_products(Team& team, const Buffer& x, const PackedMatrix& w, Buffer& y) {
  const auto start = std::chrono::steady_clock::now();
  for (int64_t i = 0; i < kCallsPerRun; ++i)
    linear(team, x.data(), kRows, w, nullptr, y.data());
  return seconds_since(start);
}

}  // namespace

double product_rate(Team& team, Precision precision, int64_t repeats) {
  Buffer x(kRows * kSide), weights(kSide * kSide), y(kRows * kSide);
  std::fill_n(x.data(), x.size(), 0.5F);
  std::fill_n(weights.data(), weights.size(), 0.25F);
  PackedMatrix packed;
  packed.precision = precision;
  pack(weights.data(), kSide, kSide, packed);
  double best = seconds_of_products(team, x, packed, y);  // warms caches and threads
  for (int64_t i = 0; i < repeats; ++i)
    best = std::min(best, seconds_of_products(team, x, packed, y));
  return 2.0 * kRows * kSide * kSide * kCallsPerRun / best * 1e-9;
}

double read_rate(Team& team, int64_t repeats) {
  constexpr int64_t kFloats = int64_t{1} << 27, kPart = int64_t{1} << 20;
  Buffer memory(kFloats);
  std::fill_n(memory.data(), kFloats, 1.0F);
  std::atomic<float> sum = 0;  // so that nothing is left out
  double best = std::numeric_limits<double>::infinity();
  for (int64_t i = 0; i < repeats; ++i) {
    const auto start = std::chrono::steady_clock::now();
    team.run(kFloats / kPart, [&](int64_t part) {
      const float* at = memory.data() + part * kPart;
      float lanes[32] = {};  // as many as registers hold
      for (int64_t j = 0; j < kPart; j += std::ssize(lanes))
        for (int64_t lane = 0; lane < std::ssize(lanes); ++lane)
          lanes[lane] += at[j + lane];
      sum.store(lanes[0] + lanes[31], std::memory_order_relaxed);
    });
    best = std::min(best, seconds_since(start));
  }
  return static_cast<double>(kFloats) * sizeof(float) / best * 1e-9;
}

double decode_limit(const DecoderCost& cost, double batch, double shared, double own,
                    double gb_per_s, double gflops) {
  const double parameters = cost.layers + cost.head;
  const double read = parameters * cost.bytes + (shared + batch * own) * cost.cache;
  const double computed = batch * (2 * parameters + cost.attention * (shared + own));
  return batch / std::max(read / (gb_per_s * 1e9), computed / (gflops * 1e9));
}

}  // namespace nelumbo
