// SPDX-License-Identifier: Apache-2.0
//
// The gradients of the weights are sums over rows. They are taken over chunks of a fixed number of
// rows, which are then added in order, so that the bits do not depend on the number of threads.
#include <algorithm>

#include "kernels/kernel_table.h"
#include "kernels/kernels.h"
#include "kernels/split.h"

namespace nelumbo {

namespace {

constexpr int64_t kChunk = 64;

using BackwardKernel = void (*)(const NormBackwardArgs&, Range rows);

void add_chunks(const float* chunks, int64_t count, int64_t stride, int64_t k, float* sum) {
  for (int64_t c = 0; c < count; ++c) {
    for (int64_t i = 0; i < k; ++i)
      sum[i] += chunks[c * stride + i];
  }
}

void backward(Team& team, BackwardKernel kernel, const NormBackwardArgs& whole, int64_t m) {
  thread_local Buffer partial;
  const int64_t chunks = (m + kChunk - 1) / kChunk;
  const int64_t stride = 2 * whole.k;
  if (partial.size() < chunks * stride)
    partial = Buffer(chunks * stride);
  float* sums = partial.data();
  split(team, chunks, row_grain(kChunk * whole.k), [&](Range part) {
    for (int64_t c = part.begin; c < part.end; ++c) {
      NormBackwardArgs args = whole;
      args.dw = sums + c * stride;
      args.db = args.dw + whole.k;
      kernel(args, {c * kChunk, std::min((c + 1) * kChunk, m)});
    }
  });
  add_chunks(sums, chunks, stride, whole.k, whole.dw);
  if (whole.db != nullptr)
    add_chunks(sums + whole.k, chunks, stride, whole.k, whole.db);
}

}  // namespace

// NOLINTBEGIN(readability-function-size): a norm has this many arrays and sizes

void rms_norm(Team& team, const float* x_MK, const float* w_K, int64_t m, int64_t k, float eps,
              float* y_MK) {
  const KernelTable& table = kernel_table();
  const NormArgs args{x_MK, w_K, nullptr, k, eps, y_MK};
  split(team, m, row_grain(k), [&](Range rows) { table.rms_norm(args, rows); });
}

void rms_norm_backward(Team& team, const float* dy_MK, const float* x_MK, const float* w_K,
                       int64_t m, int64_t k, float eps, float* dx_MK, float* dw_K) {
  backward(team, kernel_table().rms_norm_backward, {dy_MK, x_MK, w_K, k, eps, dx_MK, dw_K, nullptr},
           m);
}

void layer_norm(Team& team, const float* x_MK, const float* w_K, const float* b_K, int64_t m,
                int64_t k, float eps, float* y_MK) {
  const KernelTable& table = kernel_table();
  const NormArgs args{x_MK, w_K, b_K, k, eps, y_MK};
  split(team, m, row_grain(k), [&](Range rows) { table.layer_norm(args, rows); });
}

void layer_norm_backward(Team& team, const float* dy_MK, const float* x_MK, const float* w_K,
                         int64_t m, int64_t k, float eps, float* dx_MK, float* dw_K, float* db_K) {
  backward(team, kernel_table().layer_norm_backward, {dy_MK, x_MK, w_K, k, eps, dx_MK, dw_K, db_K},
           m);
}

// NOLINTEND(readability-function-size)

}  // namespace nelumbo
