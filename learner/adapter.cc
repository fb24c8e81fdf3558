// SPDX-License-Identifier: Apache-2.0
#include "learner/adapter.h"

#include <cmath>
#include <utility>

#include "base/rng.h"

namespace nelumbo {
namespace {

constexpr uint32_t kFactorStream = 1;  // beside stream 0, which weights begin with

/// scale * x w^T, as rows of their own.
std::vector<float> scaled_rows(Team& team, const float* x, int64_t rows, const PackedMatrix& w,
                               float scale) {
  std::vector<float> y(static_cast<size_t>(rows * w.n));
  linear(team, x, rows, w, nullptr, y.data());
  for (float& value : y)
    value *= scale;
  return y;
}

}  // namespace

void Adapter::changed() {
  pack(a.data(), rank, in, to_rank);
  pack_transposed(b.data(), out, rank, from_out);
}

Adapter make_adapter(std::vector<float> base, int64_t out, int64_t rank, float alpha, uint64_t seed,
                     uint64_t key) {
  Adapter adapter;
  adapter.out = out;
  adapter.in = std::ssize(base) / out;
  adapter.rank = rank;
  adapter.alpha = alpha;
  adapter.base = std::move(base);
  adapter.a.resize(static_cast<size_t>(rank * adapter.in));
  adapter.b.resize(static_cast<size_t>(out * rank));
  adapter.da.resize(adapter.a.size());
  adapter.db.resize(adapter.b.size());
  const double bound = 1 / std::sqrt(static_cast<double>(adapter.in));
  Random random(seed, Purpose::kInit, key, kFactorStream);
  for (float& value : adapter.a)
    value = static_cast<float>(bound * (2 * random.uniform() - 1));
  adapter.changed();
  return adapter;
}

void add_adapter_gradient(Team& team, const float* dy, const float* x, int64_t rows,
                          Adapter* adapter) {
  const auto h = scaled_rows(team, x, rows, adapter->to_rank, adapter->scale());
  linear_weight_gradient(team, dy, h.data(), rows, adapter->out, adapter->rank, adapter->db.data(),
                         nullptr);
  const auto g = scaled_rows(team, dy, rows, adapter->from_out, adapter->scale());
  linear_weight_gradient(team, g.data(), x, rows, adapter->rank, adapter->in, adapter->da.data(),
                         nullptr);
}

}  // namespace nelumbo
