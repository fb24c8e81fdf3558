// SPDX-License-Identifier: Apache-2.0
#include "base/check.h"
#include "kernels/kernel_table.h"
#include "kernels/kernels.h"
#include "kernels/split.h"

namespace nelumbo {

namespace {

// Multiply-adds below which a second thread does not pay: about 8 us on one core.
constexpr int64_t kWorthSplitting = int64_t{1} << 19;

}  // namespace

void linear(Team& team, const float* x_MK, int64_t m, const PackedMatrix& w, const float* bias,
            float* y_MN) {
  const KernelTable& table = kernel_table();
  const LinearArgs args{x_MK, &w, bias, y_MN};
  const int64_t panels = panels_of(w.n);
  if (m * w.n * w.k < kWorthSplitting || team.threads() == 1) {
    table.linear(args, {0, m}, {0, panels});
    return;
  }
  constexpr int64_t kRows = 12;  // fewer rows a thread read each panel too seldom
  if (m >= kRows * team.threads() || panels < team.threads())
    split(team, m, 1, [&](Range rows) { table.linear(args, rows, {0, panels}); });
  else
    split(team, panels, 1, [&](Range part) { table.linear(args, {0, m}, part); });
}

// NOLINTNEXTLINE(readability-function-size): the six arrays and sizes of one matrix product
void linear_weight_gradient(Team& team, const float* dy_MN, const float* x_MK, int64_t m, int64_t n,
                            int64_t k, float* dw_NK, float* dbias_N) {
  const KernelTable& table = kernel_table();
  const WeightGradientArgs args{dy_MN, x_MK, m, n, k, dw_NK, dbias_N};
  const int64_t grain = m * n * k < kWorthSplitting ? n : 1;
  split(team, n, grain, [&](Range outputs) { table.weight_gradient(args, outputs); });
}

}  // namespace nelumbo
