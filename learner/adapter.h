// SPDX-License-Identifier: Apache-2.0
#pragma once

// LoRA (Hu et al., 2021, arXiv:2106.09685). A linear layer's weight is W = W0 + s B A with s =
// alpha / rank; W0 [out, in] stays, A [rank, in] and B [out, rank] are trained. B begins as zero,
// so that training begins at W0.
//
// All who compute see W alone, merged after each step: the engine, and the learner's own forward
// pass. The gradient of W, dW = dy^T x over a batch's rows, is never made:
//
//   dA = s B^T dW = (s dy B)^T x        dB = s dW A^T = dy^T (s x A^T)

#include <cstdint>
#include <string>
#include <vector>

#include "kernels/kernels.h"
#include "kernels/team.h"
#include "model/low_rank.h"
#include "model/peft_adapter.h"

namespace nelumbo {

// What a learner's state calls alpha and W0 of a weight's adapter, before its name.
constexpr const char* kAdapterAlpha = "adapter.alpha/";
constexpr const char* kAdapterBase = "adapter.base/";

/// The adapter of one linear layer. `changed` must follow each change of `a` or `b`.
struct Adapter {
  int64_t out = 0;
  int64_t in = 0;
  int64_t rank = 0;
  float alpha = 0;
  std::vector<float> base;    ///< W0
  std::vector<float> a, b;    ///< A, B
  std::vector<float> da, db;  ///< gathered gradients
  PackedMatrix to_rank;       ///< of A: h = x A^T
  PackedMatrix from_out;      ///< of B: g = dy B

  float scale() const { return adapter_scale(double{alpha}, rank); }
  LowRank change() const { return {out, in, rank, scale(), a, b}; }
  /// Packs the factors.
  void changed();
};

/// Of a weight W0 [out, in]. A is uniform in +-1/sqrt(in) (Kaiming with a = sqrt 5, as PEFT
/// begins), keyed by (seed, key), and B is zero.
Adapter make_adapter(std::vector<float> base, int64_t out, int64_t rank, float alpha, uint64_t seed,
                     uint64_t key);

/// Adds the gradients of `rows` rows to `da` and `db`.
void add_adapter_gradient(Team& team, const float* dy, const float* x, int64_t rows,
                          Adapter* adapter);

}  // namespace nelumbo
