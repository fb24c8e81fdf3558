// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/kernels/kernel_testing.h"

namespace nelumbo {
namespace {

constexpr float kEps = 1e-5F;

// One row by the formula, in double.
std::vector<double> naive_row(const float* x, const Floats& w, const Floats* b, bool centred) {
  const size_t k = w.size();
  double mean = 0;
  for (size_t f = 0; centred && f < k; ++f)
    mean += x[f] / static_cast<double>(k);
  double variance = 0;
  for (size_t f = 0; f < k; ++f)
    variance += (x[f] - mean) * (x[f] - mean) / static_cast<double>(k);
  std::vector<double> y(k);
  for (size_t f = 0; f < k; ++f)
    y[f] = (x[f] - mean) / std::sqrt(variance + kEps) * w[f] + (b != nullptr ? (*b)[f] : 0.0F);
  return y;
}

Floats rms(Team& team, const Floats& x, const Floats& w, int64_t m) {
  Floats y(x.size());
  rms_norm(team, x.data(), w.data(), m, std::ssize(w), kEps, y.data());
  return y;
}

Floats layer(Team& team, const Floats& x, const Floats& w, const Floats& b, int64_t m) {
  Floats y(x.size());
  layer_norm(team, x.data(), w.data(), b.data(), m, std::ssize(w), kEps, y.data());
  return y;
}

TEST(Norm, FollowsItsFormulaForAnyWidth) {
  on_each_isa([] {
    Team team(2);
    for (const int64_t k : {1, 5, 15, 16, 17, 96, 131}) {
      const int64_t m = 9;
      const Floats x = random_floats(m * k, 1, 3);
      const Floats w = random_floats(k, 2);
      const Floats b = random_floats(k, 3);
      const Floats y_rms = rms(team, x, w, m);
      const Floats y_layer = layer(team, x, w, b, m);
      for (int64_t i = 0; i < m; ++i) {
        const auto rms_row = naive_row(x.data() + i * k, w, nullptr, false);
        const auto layer_row = naive_row(x.data() + i * k, w, &b, true);
        for (int64_t f = 0; f < k; ++f) {
          const auto at = static_cast<size_t>(i * k + f);
          EXPECT_NEAR(y_rms[at], rms_row[static_cast<size_t>(f)], 4e-6);
          EXPECT_NEAR(y_layer[at], layer_row[static_cast<size_t>(f)], 4e-6);
        }
      }
    }
  });
}

TEST(Norm, GivesARowTheSameBitsWhateverStandsBesideIt) {
  on_each_isa([] {
    const int64_t k = 100;
    const int64_t m = 700;
    const Floats x = random_floats(m * k, 4);
    const Floats w = random_floats(k, 5);
    const Floats b = random_floats(k, 6);
    Team alone(1);
    const Floats first(x.begin(), x.begin() + k);
    const Floats row_rms = rms(alone, first, w, 1);
    const Floats row_layer = layer(alone, first, w, b, 1);
    for (const int threads : {1, 2, 3}) {
      Team team(threads);
      EXPECT_TRUE(same_bits({rms(team, x, w, m).data(), row_rms.size()}, row_rms));
      EXPECT_TRUE(same_bits({layer(team, x, w, b, m).data(), row_layer.size()}, row_layer));
    }
  });
}

struct Gradients {
  Floats dx, dw, db;
};

Gradients backward(bool centred, int threads, const Floats& dy, const Floats& x, const Floats& w) {
  Team team(threads);
  const int64_t k = std::ssize(w);
  const int64_t m = std::ssize(x) / k;
  Gradients g{Floats(x.size(), 9.0F), Floats(w.size(), 0.5F), Floats(w.size(), 0.25F)};
  if (centred)
    layer_norm_backward(team, dy.data(), x.data(), w.data(), m, k, kEps, g.dx.data(), g.dw.data(),
                        g.db.data());
  else
    rms_norm_backward(team, dy.data(), x.data(), w.data(), m, k, kEps, g.dx.data(), g.dw.data());
  return g;
}

// sum dy y in double
double weighted(const Floats& dy, const Floats& x, const Floats& w, const Floats* b, bool centred) {
  double sum = 0;
  for (size_t i = 0; i < x.size(); i += w.size()) {
    const auto y = naive_row(x.data() + i, w, b, centred);
    for (size_t f = 0; f < y.size(); ++f)
      sum += dy[i + f] * y[f];
  }
  return sum;
}

TEST(NormBackward, MatchesCentralDifferencesAndAddsToTheWeights) {
  const int64_t k = 19;
  const Floats x = random_floats(3 * k, 7);
  const Floats w = random_floats(k, 8);
  const Floats b = random_floats(k, 9);
  const Floats dy = random_floats(3 * k, 10);
  for (const bool centred : {false, true}) {
    const Floats dx = central_differences(
        x, 1e-3, [&](const Floats& moved) { return weighted(dy, moved, w, &b, centred); });
    Floats dw = central_differences(
        w, 1e-3, [&](const Floats& moved) { return weighted(dy, x, moved, &b, centred); });
    Floats db = central_differences(
        b, 1e-3, [&](const Floats& moved) { return weighted(dy, x, w, &moved, centred); });
    for (size_t f = 0; f < w.size(); ++f) {
      dw[f] += 0.5F;
      db[f] += 0.25F;
    }
    on_each_isa([&] {
      const Gradients g = backward(centred, 1, dy, x, w);
      EXPECT_LE(difference(g.dx, dx), 2e-5);
      EXPECT_LE(difference(g.dw, dw), 2e-5);
      if (centred) {
        EXPECT_LE(difference(g.db, db), 2e-5);
      }
    });
  }
}

TEST(NormBackward, AgreesWithTheReferenceAndHasTheSameBitsForAnyNumberOfThreads) {
  for (const int64_t k : {3, 96, 130}) {
    const Floats x = random_floats(421 * k, 11);
    const Floats w = random_floats(k, 12);
    const Floats dy = random_floats(421 * k, 13);
    for (const bool centred : {false, true}) {
      const Gradients expected =
          on_isa(Isa::kReference, [&] { return backward(centred, 1, dy, x, w); });
      on_each_isa([&] {
        const Gradients g = backward(centred, 1, dy, x, w);
        EXPECT_LE(difference(g.dx, expected.dx), 4e-6);
        EXPECT_LE(difference(g.dw, expected.dw), 4e-6);
        EXPECT_LE(difference(g.db, expected.db), 4e-6);
        const Gradients shared = backward(centred, 3, dy, x, w);
        EXPECT_TRUE(same_bits(shared.dx, g.dx));
        EXPECT_TRUE(same_bits(shared.dw, g.dw));
        EXPECT_TRUE(same_bits(shared.db, g.db));
      });
    }
  }
}

}  // namespace
}  // namespace nelumbo
