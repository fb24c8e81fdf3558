// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "base/half.h"
#include "base/rng.h"
#include "kernels/kernels.h"

namespace nelumbo {

using Floats = std::vector<float>;

/// Standard normal numbers times `scale`.
inline Floats random_floats(int64_t size, uint64_t seed, double scale = 1) {
  Random random(seed, Purpose::kInit);
  Floats out(static_cast<size_t>(size));
  for (float& x : out)
    x = static_cast<float>(scale * random.normal());
  return out;
}

inline bool same_bits(std::span<const float> a, std::span<const float> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](float x, float y) {
    return std::bit_cast<uint32_t>(x) == std::bit_cast<uint32_t>(y);
  });
}

/// Each value as bf16 stores it.
inline Floats rounded_to_bf16(Floats x) {
  for (float& value : x)
    value = from_bf16(to_bf16(value));
  return x;
}

/// The largest |a - b|, relative to the largest |b| where that is above 1.
inline double difference(std::span<const float> a, std::span<const float> b) {
  double worst = a.size() == b.size() ? 0 : INFINITY;
  double scale = 1;
  for (const float x : b)
    scale = std::max(scale, std::abs(double{x}));
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const double d = std::abs(double{a[i]} - double{b[i]}) / scale;
    worst = d <= worst ? worst : (std::isnan(d) ? INFINITY : d);
  }
  return worst;
}

/// Runs a body on each path that this CPU has, and goes back to the best one.
template <class Body>
void on_each_isa(const Body& body) {
  const Isa before = isa();
  for (const Isa path : {Isa::kReference, Isa::kAvx2, Isa::kAvx512, Isa::kAvx512Bf16, Isa::kAmx}) {
    if (!use_isa(path))
      continue;
    SCOPED_TRACE(to_string(path));
    body();
  }
  use_isa(before);
}

/// What `body` returns on one path; the best path is in use again afterwards.
template <class Body>
auto on_isa(Isa path, const Body& body) {
  const Isa before = isa();
  use_isa(path);
  auto result = body();
  use_isa(before);
  return result;
}

/// x_MK w^T + bias; without a bias where that is empty.
inline Floats product(Team& team, const Floats& x, int64_t m, const PackedMatrix& w,
                      const Floats& bias) {
  Floats y(static_cast<size_t>(m * w.n));
  linear(team, x.data(), m, w, bias.empty() ? nullptr : bias.data(), y.data());
  return y;
}

/// Each of 300 rows has the bits that it has alone, whatever stands beside it and however many
/// threads compute.
inline void expect_rows_independent(const PackedMatrix& w, const Floats& x) {
  Team alone(1);
  Floats expected;
  for (int64_t i = 0; i < 300; ++i) {
    const Floats row = product(alone, {x.begin() + i * w.k, x.begin() + (i + 1) * w.k}, 1, w, {});
    expected.insert(expected.end(), row.begin(), row.end());
  }
  for (const int threads : {1, 2, 3}) {
    Team team(threads);
    for (const int64_t m : {2, 3, 8, 16, 17, 31, 32, 33, 64, 129, 300}) {
      const Floats y = product(team, x, m, w, {});
      EXPECT_TRUE(same_bits(y, {expected.data(), y.size()})) << m << " rows, " << threads;
    }
  }
}

/// (f(x + h) - f(x - h)) / 2h for each element of x.
template <class F>
Floats central_differences(Floats x, double h, const F& f) {
  Floats gradient(x.size());
  for (size_t i = 0; i < x.size(); ++i) {
    const float kept = x[i];
    x[i] = static_cast<float>(kept + h);
    const double above = f(x);
    const double wide = double{x[i]};
    x[i] = static_cast<float>(kept - h);
    gradient[i] = static_cast<float>((above - f(x)) / (wide - double{x[i]}));
    x[i] = kept;
  }
  return gradient;
}

}  // namespace nelumbo
