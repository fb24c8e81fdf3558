// SPDX-License-Identifier: Apache-2.0
//
// log softmax of z = logits / temperature, its entropy, and their gradient. With p = softmax(z):
//   logprob = z_a - lse,  entropy H = lse - sum p z,
//   d logprob / dz_j = [j = a] - p_j,  dH / dz_j = -p_j (log p_j + H).
// The trap: a row without a target (target < 0) has neither a value nor a gradient.
#include <algorithm>

#include "base/check.h"
#include "kernels/kernel_table.h"
#include "kernels/kernels.h"
#include "kernels/split.h"

namespace nelumbo {

namespace {

constexpr int64_t kChunk = 64;

float* scratch(int64_t size) {
  thread_local Buffer buffer;
  return at_least(size, buffer);
}

// Rows whose logits are held at once by the backward pass: many for small vocabularies, since each
// chunk is four parallel calls; fewer for large ones, but enough that the gradient of the weight,
// which each chunk reads and writes whole, is not what takes the time.
int64_t backward_chunk(int64_t v) {
  return std::clamp<int64_t>((int64_t{1} << 19) / std::max<int64_t>(v, 1), 4 * kChunk, 1024);
}

}  // namespace

// NOLINTBEGIN(readability-function-size): rows, targets, and three outputs that may be absent

void log_softmax_gather(Team& team, const float* logits_MV, const int32_t* targets_M, int64_t m,
                        int64_t v, float inverse_temperature, float* logprob_M, float* entropy_M,
                        float* lse_M) {
  const KernelTable& table = kernel_table();
  const LogSoftmaxArgs args{logits_MV, targets_M, v,    inverse_temperature,
                            logprob_M, entropy_M, lse_M};
  split(team, m, row_grain(4 * v), [&](Range rows) { table.log_softmax(args, rows); });
}

void head(Team& team, const float* x_MK, int64_t m, const PackedMatrix& w, const int32_t* targets_M,
          float inverse_temperature, float* logprob_M, float* entropy_M) {
  if (m <= kChunk) {
    float* logits = scratch(m * w.n);
    linear(team, x_MK, m, w, nullptr, logits);
    log_softmax_gather(team, logits, targets_M, m, w.n, inverse_temperature, logprob_M, entropy_M,
                       nullptr);
    return;
  }
  const KernelTable& table = kernel_table();
  const auto product = table.linear[static_cast<size_t>(w.precision)];
  split(team, m, kChunk / 2, [&](Range part) {
    float* logits = scratch(kChunk * w.n);
    for (int64_t i = part.begin; i < part.end; i += kChunk) {
      const int64_t rows = std::min(kChunk, part.end - i);
      product({x_MK + i * w.k, &w, nullptr, logits}, {0, rows}, {0, panels_of(w.n)});
      table.log_softmax({logits, targets_M + i, w.n, inverse_temperature,
                         logprob_M == nullptr ? nullptr : logprob_M + i,
                         entropy_M == nullptr ? nullptr : entropy_M + i, nullptr},
                        {0, rows});
    }
  });
}

void head_backward(Team& team, const float* x_MK, int64_t m, const PackedMatrix& w,
                   const PackedMatrix& w_transposed, const int32_t* targets_M,
                   float inverse_temperature, const float* dlogprob_M, const float* dentropy_M,
                   float* dx_MK, float* dw_VK) {
  NELUMBO_CHECK(w_transposed.k == w.n && w_transposed.n == w.k)
      << "the second weight must be the transpose of the first";
  const KernelTable& table = kernel_table();
  const int64_t chunk = backward_chunk(w.n);
  float* logits = scratch(std::min(chunk, m) * w.n);
  for (int64_t i = 0; i < m; i += chunk) {
    const int64_t rows = std::min(chunk, m - i);
    linear(team, x_MK + i * w.k, rows, w, nullptr, logits);
    const LogSoftmaxBackwardArgs args{logits,
                                      targets_M + i,
                                      w.n,
                                      inverse_temperature,
                                      dlogprob_M + i,
                                      dentropy_M == nullptr ? nullptr : dentropy_M + i};
    split(team, rows, row_grain(4 * w.n),
          [&](Range part) { table.log_softmax_backward(args, part); });
    linear(team, logits, rows, w_transposed, nullptr, dx_MK + i * w.k);
    if (dw_VK != nullptr)
      linear_weight_gradient(team, logits, x_MK + i * w.k, rows, w.n, w.k, dw_VK, nullptr,
                             w.precision);
  }
}

// NOLINTEND(readability-function-size)

}  // namespace nelumbo
